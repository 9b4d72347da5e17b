using Observability.Incidents;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Asks the on-call, trains when there is something to learn, and measures drift. Between two steps of the pipeline it reads what the classifier
/// remembers; training runs beside the pipeline on a copy. Whatever it decides enters through the inlet, so that a replay finds it in the journal
/// and decides nothing anew.
/// </summary>
internal sealed class LearningLoop(RetrainSection schedule, ScoreNoise stage, ModelShelf shelf, PipelineInlet inlet, ILogger logger) : IJournalReader
{
    private const string Schedule = "schedule";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Queue<PipelineInput> _waiting = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private DateTimeOffset _due = DateTimeOffset.MinValue;
    private ModelDrift? _drift;
    private string _requestedBy = "";
    private (Task<TrainedActionability> Task, string By, int Labels)? _running;

    /// <summary>False where everything is kept in memory: then there is nowhere to keep a version.</summary>
    public bool HasFolder { get; init; } = true;

    /// <summary>Synthetic stories that a training starts from; fewer in tests.</summary>
    public int Stories { get; set; } = new ActionabilityTraining { Version = "" }.Stories;

    /// <summary>What it learns from.</summary>
    public OnCallMemory Memory => stage.Memory;

    /// <summary>Ends with the training that runs.</summary>
    public Task Training => _running?.Task ?? Task.CompletedTask;

    /// <summary>Where the versions of a state folder are; empty for none.</summary>
    public static string FolderOf(string state) => state.Length == 0 ? "" : Path.Combine(state, "models", "actionability");

    public void Read(JournalRecord record, bool isReplay)
    {
        // A training that a restart cut off is begun again.
        if (record.Entry is CommandAccepted { Command: RetrainModel retrain })
            _requestedBy = retrain.Actor;
        else if (record.Entry is ModelTrained)
            _requestedBy = "";
    }

    /// <summary>Does what is due at a time.</summary>
    public void RunDue(DateTimeOffset now)
    {
        if (_running is { Task.IsCompleted: true } done)
        {
            _running = null;
            Finish(done.Task, done.By, done.Labels, now);
        }

        if (now >= _due)
        {
            _due = now + Interval;
            Refresh();
            _drift = shelf.CardOf(stage.Version) is { } card ? MeasureDrift.Of(card, stage.Memory.Data()) : null;
            if (stage.Memory.NextQuestion(now) is { } question)
                _waiting.Enqueue(new PipelineInput.Asked(question));
        }

        if (_running is null && _waiting.Count == 0)
            BeginDue(now);
        while (_waiting.TryPeek(out var input) && inlet.TryPost(input))
            _waiting.Dequeue();
    }

    /// <summary>Adds what is not journaled: files, and what follows from them.</summary>
    public LearningView Show(LearningView view) => view with
    {
        InUse = stage.Version,
        Versions = [.. shelf.Versions],
        Labels = stage.Memory.Labels,
        NewLabels = Math.Max(0, stage.Memory.Labels - stage.Memory.LabelsTrained),
        Drift = _drift,
    };

    private void BeginDue(DateTimeOffset now)
    {
        var memory = stage.Memory;
        var isDue = schedule.Every > TimeSpan.Zero && HasFolder && memory.Labels - memory.LabelsTrained >= schedule.MinimumLabels
            && (memory.TrainedAt is not { } trained || now - trained >= schedule.Every);
        if (_requestedBy.Length == 0 && !isDue)
            return;
        var by = _requestedBy.Length > 0 ? _requestedBy : Schedule;
        var (data, version, labels) = (memory.Data(), shelf.NextVersion(), memory.Labels);
        _requestedBy = "";
        if (!HasFolder)
        {
            Tell(new ModelTraining(version, stage.Version, labels, by, "server.state is empty: a version needs a folder to be kept in", null, now));
            return;
        }

        // A copy of its own: a prediction engine belongs to one thread.
        var before = shelf.Find(stage.Version);
        var training = new ActionabilityTraining { Version = version, Stories = Stories, At = now };
        _running = (Task.Run(() => ActionabilityTrainer.Train(training, data, before)), by, labels);
    }

    private void Finish(Task<TrainedActionability> task, string by, int labels, DateTimeOffset now)
    {
        if (!task.IsCompletedSuccessfully)
        {
            Tell(new ModelTraining(shelf.NextVersion(), stage.Version, labels, by, $"training failed: {task.Exception?.GetBaseException().Message ?? "it was cancelled"}", null, now));
            return;
        }

#pragma warning disable VSTHRD002 // it has ended
        var trained = task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        var model = trained.Card.Model;
        var refusal = trained.Refusal.Length > 0 ? trained.Refusal : Keep(trained);
        Tell(new ModelTraining(model.Version, model.Parent, labels, by, refusal, model.Journal ?? model.Synthetic, now));
        if (refusal.Length == 0)
            _waiting.Enqueue(new PipelineInput.Commanded(new UseModel(model.Version) { Actor = by, Door = Schedule, At = now, Reason = "trained and not worse than the one before it" }));
    }

    private string Keep(TrainedActionability trained)
    {
        try
        {
            shelf.Save(trained);
            return "";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"it could not be written: {fault.Message}";
        }
    }

    private void Tell(ModelTraining training)
    {
        ServerLog.ModelTrained(logger, training.Version, training.By, training.Labels, training.Refusal.Length > 0 ? $"refused, {training.Refusal}" : "kept");
        _waiting.Enqueue(new PipelineInput.Trained(training));
    }

    private void Refresh()
    {
        shelf.Refresh();
        foreach (var (version, fault) in shelf.Faults)
        {
            if (_told.Add(version))
                ServerLog.ModelUnreadable(logger, version, fault);
        }
    }
}
