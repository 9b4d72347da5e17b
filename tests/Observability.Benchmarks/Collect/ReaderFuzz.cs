using System.Diagnostics;
using System.Text;
using Observability.Collectors;
using Observability.Model;

namespace Observability.Benchmarks;

/// <summary>
/// Feeds every reader of captures with damaged captures for a while: none may throw, hang or swell, whatever stands in a file. What
/// breaks one is kept as a file; tests/Observability.Collectors.Tests/FuzzSeeds holds those of before, which its tests read again.
/// </summary>
internal static class ReaderFuzz
{
    // A reader that needs longer for one small file has met an input that it walks again and again. Processor time: others may be at work.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A host list of a few characters names a fleet of 100,000 nodes, and each of them is a few samples.
    private const int ItemsOfAFleet = 300_000;

    private const int Longest = 256 * 1_024;

    private static readonly string[] Tokens =
        ["\"", "\\", "{", "}", "[", "]", "<", ">", "</", "\0", "\n", "\r\n", "\uFEFF", "é", "99999999999999999999", "-1", "1e999", "NaN", "null", "=", "|", ",", ":", "gpu[0-99999]", "%s", "\u001b[31m", "2026-13-45T99:99:99Z"];

    public static int Run(string folder, double seconds, int seed, (string Kind, string Keep) how)
    {
        var corpus = Corpus(folder).Where(entry => how.Kind.Length == 0 || entry.Kind == how.Kind).GroupBy(entry => entry.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).ToList();
        if (corpus.Count == 0)
        {
            System.Console.Error.WriteLine($"fuzz: {folder} holds no capture{(how.Kind.Length > 0 ? $" of kind {how.Kind}" : "")}");
            return 2;
        }

        var table = new Table($"{seconds:0} s on each reader, seed {seed}", "reader", "captures it started from", "inputs", "that broke it");
        var broken = 0;
        foreach (var kind in corpus)
        {
            var (inputs, failures) = Fuzz([.. kind.Select(entry => entry.File)], seconds, seed, (kind.Key, how.Keep));
            table.Add(kind.Key, kind.Count(), inputs, failures);
            broken += failures;
        }

        table.Print();
        return broken == 0 ? 0 : 1;
    }

    private static IEnumerable<(string Kind, CaptureFile File)> Corpus(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var file = new CaptureFile(Path.GetRelativePath(folder, path), File.ReadAllBytes(path), DateTimeOffset.UnixEpoch, LabelSet.Empty);
            if (file.Bytes.Length is > 0 and <= Longest && RecordedTelemetry.ReaderOf(file) is { } reader)
                yield return (reader.Kind, file);
        }
    }

    private static (int Inputs, int Failures) Fuzz(CaptureFile[] corpus, double seconds, int seed, (string Kind, string Keep) what)
    {
#pragma warning disable CA5394 // A fuzzer wants repeatable numbers, not secret ones.
        var random = new Random(seed);
        var (inputs, failures) = (0, 0);
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            var origin = corpus[random.Next(corpus.Length)];
            var file = origin with { Bytes = Damaged(random, origin.Bytes, corpus[random.Next(corpus.Length)].Bytes) };
            inputs++;
            if (Trouble(file) is not { Length: > 0 } trouble)
                continue;
            failures++;

            // Of each way to break one input is enough.
            if (!kinds.Add(new string([.. trouble.Where(c => !char.IsAsciiDigit(c))])))
                continue;
            var kept = Path.Combine(what.Keep, what.Kind, $"{seed}-{inputs}{Path.GetExtension(file.Name)}");
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            File.WriteAllBytes(kept, file.Bytes);
            System.Console.Error.WriteLine($"{what.Kind} on {origin.Name}, input {inputs}: {trouble}; kept as {kept}");
        }
#pragma warning restore CA5394

        return (inputs, failures);
    }

    private static string Trouble(CaptureFile file)
    {
        var began = Environment.CpuUsage.TotalTime;
        var items = new List<RecordedItem>();
        try
        {
            if (RecordedTelemetry.ReaderOf(file) is { } reader)
            {
                var digest = new CaptureDigest(items);
                reader.Read(file, digest);
                (reader as IFolderCapture)?.Finish(digest);
            }
        }
#pragma warning disable CA1031 // Whatever a reader throws is what is looked for.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return fault is IOException or InvalidDataException ? "" : $"{fault.GetType().Name}: {fault.Message} {fault.StackTrace?.Split('\n').FirstOrDefault(frame => frame.Contains("Observability.", StringComparison.Ordinal))?.Trim()}";
        }

        // One byte may not become many things: a document that expands is refused by its reader's own limits.
        var took = Environment.CpuUsage.TotalTime - began;
        return took > Patience ? $"took {took.TotalSeconds:0.0} s for {file.Bytes.Length} bytes"
            : items.Count > ItemsOfAFleet + (file.Bytes.Length * 4L) ? $"{items.Count} items of {file.Bytes.Length} bytes"
            : "";
    }

#pragma warning disable CA5394
    private static byte[] Damaged(Random random, byte[] bytes, byte[] other)
    {
        var body = new List<byte>(bytes);
        for (var times = random.Next(1, 8); times > 0 && body.Count > 0; times--)
        {
            var at = random.Next(body.Count);
            var length = Math.Min(random.Next(1, random.Next(2) == 0 ? 8 : 4_096), body.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    body[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    body.RemoveRange(at, length);
                    break;
                case 2:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                case 3:
                    body.InsertRange(at, body.GetRange(at, length));
                    break;
                case 4:
                    var start = random.Next(other.Length);
                    body.InsertRange(at, other.AsSpan(start, Math.Min(length, other.Length - start)).ToArray());
                    break;
                case 5:
                    body.RemoveRange(at, body.Count - at);
                    break;
                default:
                    for (var digit = at; digit < body.Count && digit < at + 64; digit++)
                    {
                        if (body[digit] is >= (byte)'0' and <= (byte)'9')
                            body[digit] = (byte)('0' + random.Next(10));
                    }

                    break;
            }
        }

        return body.Count <= Longest * 2 ? [.. body] : [.. body.Take(Longest * 2)];
    }
#pragma warning restore CA5394
}
