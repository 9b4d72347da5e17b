using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Observability.Content;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>Writes a labelled set of incidents: a JSON Lines file per part and a manifest with their hashes and counts.</summary>
internal sealed class EvalSetWriter(string folder, ContentSet content, int parallel, Action<string> say)
{
    /// <summary>Which parts are played and written; a part does not depend on the others.</summary>
    public IReadOnlyList<EvalSplit> Splits { get; init; } = EvalSplit.All;

    /// <summary>What the manifest says of the format.</summary>
    public const int Format = 1;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Plays all sessions and writes the set. The same numbers give the same bytes, however many sessions run side by side.</summary>
    public async Task WriteAsync(int faults, int seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var parts = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var split in Splits)
            parts[split.Name] = await WriteAsync(split, (int)Math.Round(faults * split.Share), seed, cancellationToken);
        var manifest = new { Format, Faults = faults, Seed = seed, Server = ServerVersion.Text, Parts = parts };
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), JsonSerializer.Serialize(manifest, Json) + "\n", cancellationToken);
    }

    private async Task<object> WriteAsync(EvalSplit split, int faults, int seed, CancellationToken cancellationToken)
    {
        var sessions = EvalPlan.Of(split, faults, seed);
        var path = Path.Combine(folder, split.Name + ".jsonl");
        var alerts = 0L;
        await using (var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
        {
            // In groups, each in its order: memory stays bounded, and the file is the same whoever is done first.
            foreach (var (number, group) in sessions.Index().Chunk(parallel).Index())
            {
                var played = await Task.WhenAll(group.Select(one => Task.Run(
                    () => EvalSession.PlayAsync($"{split.Name}-{one.Index:00000}", one.Item.Fleet, (one.Item.Episodes, content), cancellationToken), cancellationToken)));
                foreach (var line in played.SelectMany(lines => lines))
                {
                    alerts += Count(line, "\"starts_at\":");
                    await file.WriteLineAsync(line);
                }

                say($"{split.Name}: {Math.Min(sessions.Count, (number + 1) * parallel)} of {sessions.Count} fleets");
            }
        }

        var episodes = sessions.SelectMany(session => session.Episodes).ToArray();
        return new
        {
            File = split.Name + ".jsonl",
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, cancellationToken))),
            Bytes = new FileInfo(path).Length,
            Episodes = episodes.Length,
            Faults = episodes.Sum(episode => episode.Faults.Count),
            ConcurrentFaults = episodes.Where(episode => episode.Faults.Count > 1).Sum(episode => episode.Faults.Count),
            Negatives = episodes.Sum(episode => episode.Negatives.Count),
            AlertChanges = alerts,
            Kinds = Counts(episodes.SelectMany(episode => episode.Faults)),
            NegativeKinds = Counts(episodes.SelectMany(episode => episode.Negatives)),
            Seeds = new { First = sessions.Min(session => session.Seed), Last = sessions.Max(session => session.Seed) },
            Fleets = sessions.Select(session => EvalSplit.NameOf(session.Fleet)).Distinct(),
        };
    }

    private static SortedDictionary<string, int> Counts(IEnumerable<(FaultKind Kind, TimeSpan After)> what) =>
        new(what.CountBy(one => one.Kind.Name).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
            count++;
        return count;
    }
}
