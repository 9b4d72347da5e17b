using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>The labelled set: reproducible, its parts apart, its alerts those of the real rules.</summary>
public sealed class EvalSetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eval-set-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task SameSeed_GivesTheSameBytesHoweverManyRunSideBySide_AndTheManifestTellsThem()
    {
        var first = await WriteAsync("a", parallel: 1);
        var second = await WriteAsync("b", parallel: 3);

        foreach (var part in new[] { "train", "validation", "test" })
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(first, part + ".jsonl"), TestContext.Current.CancellationToken);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(second, part + ".jsonl"), TestContext.Current.CancellationToken));
            var told = Manifest(first)["parts"]![part]!;
            Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length), ((string)told["sha256"]!, (int)told["bytes"]!));
            var lines = Lines(first, part);
            Assert.Equal((int)told["episodes"]!, lines.Length);
            Assert.Equal((int)told["faults"]!, lines.Sum(line => line["faults"]!.AsArray().Count));
            Assert.Equal((int)told["alert_changes"]!, lines.Sum(line => line["alerts"]!.AsArray().Count));
        }

        Assert.Equal([14, 3, 3], new[] { "train", "validation", "test" }.Select(part => (int)Manifest(first)["parts"]![part]!["faults"]!));
        AssertAlertsAreOfTheRules(first);
        AssertEverythingNamedIsInTheTopology(first);
    }

    [Fact]
    public void Plan_TenThousandFaults_HasPartsApartAndEveryKindAsOftenAndAFifthConcurrent()
    {
        foreach (var seed in new[] { 0, 1, 1_999, 2_000, 123_456_789 })
        {
            var parts = EvalSplit.All.ToDictionary(split => split.Name, split => EvalPlan.Of(split, (int)(10_000 * split.Share), seed));
            Assert.Equal(parts.Values.Sum(sessions => sessions.Count), parts.Values.SelectMany(sessions => sessions.Select(session => session.Seed)).Distinct().Count());
            Assert.Equal(9, parts.Values.SelectMany(sessions => sessions.Select(session => EvalSplit.NameOf(session.Fleet)).Distinct()).Distinct().Count());
            Assert.Equal(9, parts.Values.Sum(sessions => sessions.Select(session => EvalSplit.NameOf(session.Fleet)).Distinct().Count()));

            var episodes = parts.Values.SelectMany(sessions => sessions.SelectMany(session => session.Episodes)).ToArray();
            var faults = episodes.SelectMany(episode => episode.Faults).Select(fault => fault.Kind.Name).ToArray();
            var concurrent = episodes.Where(episode => episode.Faults.Count > 1).Sum(episode => episode.Faults.Count);
            Assert.Equal(10_000, faults.Length);
            Assert.Equal(FaultKinds.Faults.Count(), faults.Distinct().Count());
            Assert.InRange(faults.CountBy(kind => kind).Max(kind => kind.Value) - faults.CountBy(kind => kind).Min(kind => kind.Value), 0, 3);
            Assert.InRange(concurrent / 10_000.0, 0.18, 0.23);
            // In one of twenty-five new code or another driver is rolled out minutes before, and has nothing to do with what comes.
            var deployed = episodes.Where(episode => episode.Faults.Count > 0 && episode.Negatives.Any(one => one.Kind.Name is FaultKinds.Deploy or FaultKinds.DriverUpdate && one.After == TimeSpan.Zero)).ToArray();
            Assert.InRange(deployed.Length / (double)episodes.Count(episode => episode.Faults.Count > 0), 0.03, 0.06);
            Assert.Contains(deployed, episode => episode.SharesJob && episode.Faults.Min(fault => fault.After) >= TimeSpan.FromMinutes(1));
            Assert.Equal(FaultKinds.Negatives.Count(), episodes.SelectMany(episode => episode.Negatives).Select(one => one.Kind.Name).Distinct().Count());
        }
    }

    private static void AssertAlertsAreOfTheRules(string folder)
    {
        var alerts = new[] { "train", "validation", "test" }.SelectMany(part => Lines(folder, part)).SelectMany(line => line["alerts"]!.AsArray()).ToArray();
        var rules = Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot(), "rules"), "*.rules.yaml", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => line.Contains("- alert: ", StringComparison.Ordinal)).Select(line => line.Split("- alert: ")[1].Trim()).ToHashSet();
        var byRule = alerts.Where(alert => (string)alert!["origin"]! == "rule").Select(alert => (string)alert!["labels"]!["alertname"]!).Distinct().ToArray();

        Assert.True(byRule.Length >= 6, string.Join(' ', byRule));
        Assert.All(byRule, name => Assert.Contains(name, rules));
        Assert.Contains(alerts, alert => (string)alert!["origin"]! == "event");
        Assert.Contains(alerts, alert => (string)alert!["origin"]! == "detector");
        Assert.All(alerts, alert => Assert.True(alert!["labels"]!["fault_class"] is not null || (string)alert["origin"]! == "slo", alert.ToJsonString()));
    }

    private static void AssertEverythingNamedIsInTheTopology(string folder) => Assert.All(Lines(folder, "train"), line =>
    {
        var known = line["topology"]!["entities"]!.AsArray().Select(entity => (string)entity!).ToHashSet();
        Assert.All(line["alerts"]!.AsArray().Where(alert => alert!["entity"] is not null), alert => Assert.Contains((string)alert!["entity"]!, known));
        Assert.All(line["faults"]!.AsArray(), fault => Assert.Contains((string)fault!["entity"]!, known));
    });

    private static JsonNode Manifest(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")))!;

    private static JsonNode[] Lines(string folder, string part) => [.. File.ReadLines(Path.Combine(folder, part + ".jsonl")).Select(line => JsonNode.Parse(line)!)];

    private async Task<string> WriteAsync(string name, int parallel)
    {
        var root = SharedData.RepositoryRoot();
        var (content, findings) = ContentCheck.Read(Path.Combine(root, "rules"), Path.Combine(root, "runbooks"));
        Assert.Empty(findings);
        var folder = Path.Combine(_folder.FullName, name);
        await new EvalSetWriter(folder, content, parallel, _ => { }).WriteAsync(20, 3, TestContext.Current.CancellationToken);
        return folder;
    }
}
