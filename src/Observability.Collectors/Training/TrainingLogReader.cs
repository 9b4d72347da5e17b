using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Understands one job's log: watchdog lines and tracebacks become events, progress lines samples where they are wanted.</summary>
internal sealed partial class TrainingLogReader(LogSource log, IEventSink events, ISampleSink? samples, TailOptions options)
    : ILineReader
{
    private const string Source = "training";

    private readonly TracebackJoin _tracebacks = new();
    private readonly EventFold _fold = new(options.FoldWindow);
    private readonly ElasticLines _elastic = new();
    private readonly Dictionary<(LabelSet Labels, long At), SeriesSample> _batch = [];
    private ModelShape _shape = new();

    /// <summary>What the configuration says of the job's model; it goes before what the log says.</summary>
    public ModelShape Configured { get; init; } = new();

    public void Read(TailRead read, DateTimeOffset now)
    {
        foreach (var line in read.Lines)
            Read(line, now);
        Flush();
    }

    /// <summary>Hands on the samples of the lines read since, a batch for each moment they are of.</summary>
    public void Flush()
    {
        if (_batch.Count == 0 || samples is null)
            return;
        CollectorsMetrics.Samples(Source, _batch.Count);
        foreach (var moment in _batch.Values.GroupBy(sample => sample.Sample.UnixMilliseconds))
            samples.Append(new SampleBatch(log.Location, DateTimeOffset.FromUnixTimeMilliseconds(moment.Key), [.. moment]));
        _batch.Clear();
    }

    /// <summary>Reads one line; true where it told of something.</summary>
    public bool Read(string text, DateTimeOffset now)
    {
        // A progress bar writes over itself: what stands last is what is seen.
        var line = Ansi().Replace(text, "");
        if (line.LastIndexOf('\r') is >= 0 and var over && over < line.Length - 1)
            line = line[(over + 1)..];
        _shape = ModelLines.Read(line, _shape);
        if (ProgressLines.Read(line) is { } step)
        {
            if (samples is not null)
                AddSamples(step, now);
            return true;
        }

        if (NcclLines.Read(line) is var (code, rank, fields))
        {
            var named = rank.Length > 0 ? rank : RankOf(Prefix().Match(line));
            Emit(code, EventSource.Nccl, named, fields, text, NcclLines.TimeOf(line, now, options.LogZone), now);
            return true;
        }

        if (ReplayLines.Read(line) is var (found, suspect, machine, said))
        {
            Emit(found, EventSource.Training, suspect, said, text, null, now, machine);
            return true;
        }

        var prefix = Prefix().Match(line);
        if (_elastic.Add(line[prefix.Length..]) is var (failed, host, about))
        {
            Emit("train:elastic_failure", EventSource.Training, failed, about, text, null, now, host);
            return true;
        }

        if (_tracebacks.Add(prefix.Value, line[prefix.Length..]) is not var (exception, whole))
            return prefix.Success && line[prefix.Length..].StartsWith("Traceback", StringComparison.Ordinal);
        var kind = exception.Split(':', 2)[0];
        Emit("train:traceback", EventSource.Training, RankOf(prefix),
            LabelSet.Of(("exception", kind), ("message", exception)), whole, null, now);
        return true;
    }

    private static string RankOf(Match prefix) => prefix.Groups["rank"].Value;

    private void AddSamples(TrainingStep step, DateTimeOffset now)
    {
        Add("train_step", step.Step, now);
        Add("train_step_duration_seconds", step.DurationSeconds, now);
        if (options.StepsOnly)
            return;
        Add("train_tokens_per_second", step.TokensPerSecond, now);
        Add("train_tflops", step.Tflops, now);
        Add("train_loss", step.Loss, now);
        Add("train_grad_norm", step.GradNorm, now);
        Add("train_learning_rate", step.LearningRate, now);
        Add("train_epoch", step.Epoch, now);
        Add("train_samples_per_second", step.SamplesPerSecond, now);
        Add("train_skipped_steps", step.SkippedSteps, now);
        Add("train_nan_steps", step.NanSteps, now);
        foreach (var (name, value, assumptions) in Utilisation.Of(step, Configured.Or(_shape)))
            Add(name, value, now, assumptions);
    }

    // Several steps may share a time, as those of one read do; only the last one counts then.
    private void Add(string name, double? value, DateTimeOffset now, LabelSet? assumptions = null)
    {
        if (value is not { } known)
            return;
        var labels = LabelSet.Of((LabelSet.MetricNameLabel, name), ("job_name", log.Owner)).With(assumptions ?? LabelSet.Empty);
        var at = now.ToUnixTimeMilliseconds();
        _batch[(labels, at)] = new SeriesSample(labels, new Sample(at, known));
    }

    private void Emit(
        string code, EventSource source, string rank, LabelSet fields, string raw, DateTimeOffset? stated, DateTimeOffset now, string node = "")
    {
        if (EventClock.Settle(stated, now, options, Source) is not { } at)
        {
            CollectorsMetrics.Refused(Source, "stale");
            return;
        }

        var read = new TelemetryEvent
        {
            At = at,
            Source = source,
            Code = code,
            Raw = raw,
            Severity = EventSeverity.Application,
            Labels = LabelSet.Of(("job_name", log.Owner), ("rank", rank), ("node", node)),
            Fields = fields,
            DedupeKey = $"{code}|{log.Owner}|{rank}|{fields["sequence"]}{fields["peer"]}{fields["exception"]}",
        };
        if (_fold.IsNew(read))
        {
            CollectorsMetrics.Events(Source);
            events.Publish(read);
        }
        else
        {
            CollectorsMetrics.Folded(Source);
        }
    }

    [GeneratedRegex(@"\x1B\[[0-9;]*[A-Za-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Ansi();

    // "[rank3]: ", "[default7]:", "3: " of srun --label.
    [GeneratedRegex(@"^(?:\[(?:rank|default)(?<rank>\d{1,7})\]:\s?|(?<rank>\d{1,7}): )", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
