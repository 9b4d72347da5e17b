using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Observability.Incidents;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Has a ranker judge the episodes of a labelled file and says of each incident whom it suspected how much, and who it was. For calibration: the
/// validation part of a set, on which nothing is reported.
/// </summary>
/// <param name="folder">A set as <c>eval generate</c> writes it.</param>
/// <param name="contentRoot">Folder with rules and runbooks.</param>
internal sealed class EpisodeJudge(string folder, string contentRoot)
{
    /// <summary>Judges them.</summary>
    /// <exception cref="InvalidDataException">There is no such set, no episode in it, or content that cannot be read.</exception>
    public JudgedEpisodes Judge(CauseModel model)
    {
        var (file, list) = (Path.Combine(folder, "validation.jsonl"), Path.Combine(folder, "manifest.json"));
        foreach (var wanted in (string[])[file, list])
        {
            if (!File.Exists(wanted))
                throw new InvalidDataException($"{wanted}: no such file; give a folder that eval generate wrote with its validation part");
        }

        var (content, findings) = ContentCheck.Read(Path.Combine(contentRoot, "rules"), Path.Combine(contentRoot, "runbooks"));
        if (findings.Count > 0)
            throw new InvalidDataException(string.Join('\n', findings));
        var play = new EpisodePlay(content, new LearnedModels(model, ModelShelf.Only(ActionabilityModel.Shipped())), PlatformParts.None);
        var judged = new List<(IReadOnlyList<double>, int?)>();
        var episodes = 0;
        foreach (var one in BundleCase.Below(file))
        {
            if (BundleLabels.Of(one) is not { } labels)
                continue;
            episodes++;
            var ledger = play.Play(EpisodeTelemetry.Read(one.Line));
            judged.AddRange(ledger.Incidents.Select(incident => incident.Incident.Verdict).OfType<Verdict>().Where(verdict => IsKnown(verdict, labels))
                .Select(verdict => ((IReadOnlyList<double>)[.. verdict.Causes.Select(cause => cause.Score)], Guilty(verdict, labels))));
        }

        if (judged.Count == 0)
            throw new InvalidDataException($"{file}: no episode in it led to a verdict");
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(list));
        var fleets = manifest.RootElement.GetProperty("parts").GetProperty("validation").GetProperty("fleets").EnumerateArray().Select(fleet => fleet.GetString());
        var command = string.Create(CultureInfo.InvariantCulture, $"eval generate --faults {manifest.RootElement.GetProperty("faults").GetInt32()}, validation part: {string.Join(", ", fleets)}");
        return new JudgedEpisodes(
            new CauseReportPart("Episodes", manifest.RootElement.GetProperty("seed").GetInt32(), command, episodes, judged.Count, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))),
            judged);
    }

    // What only looks like a fault has no label to say what it is: the exporter that restarted was silent indeed. Where a change is among the suspects
    // probabilities are not the ranker's alone.
    private static bool IsKnown(Verdict verdict, BundleLabels labels) =>
        verdict.Causes.Length > 0 && verdict.Causes.All(cause => cause.FaultClass != FaultClass.BadChange) && (labels.Faults.Count > 0 || FaultClass.KindOf(verdict.Causes[0].FaultClass) == VerdictKind.Hardware);

    // "A straggler, nobody knows why" accuses nobody, here as in the stories.
    private static int? Guilty(Verdict verdict, BundleLabels labels)
    {
        for (var i = 0; i < verdict.Causes.Length; i++)
        {
            var cause = verdict.Causes[i];
            if (FaultClass.KindOf(cause.FaultClass) != VerdictKind.Unknown && labels.Faults.Any(fault => fault.IsCalled(cause.Entity, cause.FaultClass)))
                return i;
        }

        return null;
    }
}
