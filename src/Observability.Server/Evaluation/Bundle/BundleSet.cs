using System.Text.Json;
using System.Text.Json.Nodes;
using Observability.Content;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// Runs of a fleet as <c>simulate</c> writes them and labelled sets as <c>eval generate</c> writes them. A run goes through the whole
/// platform; an episode of a set, whose alerts are known already, through everything right of the hinge. What is true of a case is never
/// opened.
/// </summary>
/// <param name="contentRoot">Folder with rules and runbooks.</param>
/// <param name="without">What the platform does without.</param>
internal sealed class BundleSet(string contentRoot, PlatformParts without) : ILabelledSet, IPlatformSet
{
    /// <inheritdoc/>
    public string Name => "bundle";

    /// <inheritdoc/>
    public bool AcceptsFile => true;

    /// <inheritdoc/>
    public IPredictionSet On(string content, PlatformParts without) => new BundleSet(content, without);

    /// <inheritdoc/>
    public IEnumerable<JsonObject> Answer(string path, Action<string> trouble)
    {
        var (content, findings) = ContentCheck.Read(Path.Combine(contentRoot, "rules"), Path.Combine(contentRoot, "runbooks"));
        if (findings.Count > 0)
            throw new InvalidDataException(string.Join('\n', findings));
        var models = without.HasFlag(PlatformParts.Ml) ? LearnedModels.None() : LearnedModels.Open("");
        var episodes = new EpisodePlay(content, models, without);
        foreach (var one in BundleCase.Below(path))
            yield return one.Folder.Length > 0 ? Replayed(one, content, trouble) : Played(one, episodes, trouble);
    }

    /// <inheritdoc/>
    public EvalScore Score(string path, IReadOnlyList<JsonObject> answers)
    {
        var byCase = answers.GroupBy(answer => (string)answer["case"]!).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var scored = new List<ScoredCase>();
        var notes = new List<string>();
        foreach (var one in BundleCase.Below(path))
        {
            try
            {
                if (BundleLabels.Of(one) is not { } labels)
                    notes.Add($"{one.Name} has no truth beside it and is not scored");
                else if (byCase.TryGetValue(labels.Case, out var answer))
                    scored.AddRange(new BundleJudge(labels, ToldIncident.Of(answer)).Score((int)answer["alerts_in"]!));
                else
                    scored.AddRange(new BundleJudge(labels, []).Score(0));
            }
            catch (Exception fault) when (fault is JsonException or FormatException or IOException)
            {
                notes.Add($"{one.Name} is not scored: {fault.Message}");
            }
        }

        return new EvalScore
        {
            Title = "bundle: the platform on simulated fleets",
            Figures = BundleFigures.Of(scored),
            Tables = BundleTables.Of(scored),
            Notes = [.. Reading(), .. notes],
            Models = without.HasFlag(PlatformParts.Ml) ? new Dictionary<string, string>() : LearnedModels.ShippedHashes(),
        };
    }

    private IEnumerable<string> Reading()
    {
        if (without != PlatformParts.None)
            yield return $"Without {OptionValue.SnakeCase(without.ToString())}.";
        yield return "A fault is found where an alert speaks of it, of what hangs on it, or of a job that suffers from it (the fault that began last in that job), from its onset until three minutes after its end; delays count from its first symptom.";
        yield return "Precision is the share of incidents that speak of a fault and blame no healthy device; incidents about what only looks like a fault count only where they blame hardware, and are counted apart, as do those that only tell of a burning budget.";
        yield return "A fault is shown where an alert speaks of the thing at fault or what hangs on it. A silent corruption of which no log tells and a lossy switch below which no adapter shows it are not: nobody can name them from what was seen.";
        yield return "The calibration error is that of the verdicts that name somebody; an abstention claims nothing.";
        yield return "Device first and class are those of the incident that speaks best of the fault; lost causes are found faults whose device no such incident ranks among its first three.";
        yield return "Intervals are of cases drawn with replacement; where something never happened in n tries, or always did, they end at 3/n, or 1 - 3/n.";
        yield return $"False cordons are nodes that a runbook would have taken out of service for a hardware verdict of {BundleJudge.Unattended:0.0} or surer, of all such nodes.";
    }

    private static JsonObject Played(BundleCase one, EpisodePlay episodes, Action<string> trouble)
    {
        try
        {
            var episode = EpisodeTelemetry.Read(one.Line);
            var ledger = episodes.Play(episode);
            return BundleAnswer.Of(episode.Id, ledger.Alerts, ledger.Incidents);
        }
        catch (JsonException fault)
        {
            trouble($"{one.Name}: {fault.Message}");
            return BundleAnswer.Of(one.Name, 0, []);
        }
    }

    private JsonObject Replayed(BundleCase one, ContentSet content, Action<string> trouble)
    {
        var ledgers = new List<IncidentLedger>();
        var options = new ReplayOptions { Folder = one.Folder, Content = contentRoot };
#pragma warning disable VSTHRD002 // Nothing here waits for anything but this machine's own work: there is no thread to give back.
        var report = ReplayRun.RunAsync(options, content, Seams, CancellationToken.None).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        foreach (var file in report.Files.Where(file => file.Refused > 0))
            trouble($"{Path.Combine(one.Folder, file.Path)}: {file.Refused} of {file.Lines} lines refused: {file.Reasons.FirstOrDefault()}");
        foreach (var refused in report.Stretches.Where(stretch => stretch.Refusal.Length > 0))
            trouble($"{one.Folder}: {refused.Refusal}");
        return BundleAnswer.Of(one.Name, ledgers.Sum(ledger => ledger.Alerts), ledgers.SelectMany(ledger => ledger.Incidents));

        PlatformSeams Seams()
        {
            ledgers.Add(new IncidentLedger(content.Runbooks));
            return new PlatformSeams(null, [ledgers[^1]]) { Without = without };
        }
    }
}
