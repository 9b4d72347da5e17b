using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>The dumps of one job in one folder, one file a rank: <c>rank3.json</c>, <c>nccl_trace_rank_3</c>. Other files are left alone.</summary>
public static class FlightRecorderFolder
{
    private const int FileLimit = 100_000;
    private const long FileLimitBytes = 256L * 1_024 * 1_024;

    /// <summary>Reads every dump in the folder, not below it.</summary>
    /// <param name="folder">The folder; it must exist.</param>
    /// <param name="refused">Files that look like dumps and could not be read, with the reason.</param>
    public static IReadOnlyList<FlightRecorderDump> Read(string folder, out ImmutableArray<string> refused)
    {
        var dumps = new List<FlightRecorderDump>();
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(FileLimit))
        {
            var name = Path.GetFileName(path);
            if (new FileInfo(path).Length > FileLimitBytes)
            {
                faults.Add($"{name}: larger than {FileLimitBytes} bytes");
                continue;
            }

            var bytes = File.ReadAllBytes(path);
            if (!LooksLike(name, bytes))
                continue;
            if (FlightRecorderReader.Read(bytes, name, out var error) is { } dump)
                dumps.Add(dump);
            else
                faults.Add($"{name}: {error}");
        }

        refused = faults.ToImmutable();
        return dumps;
    }

    /// <summary>True where the file begins as a dump does: a pickle, or JSON that names the recorder's parts near its beginning.</summary>
    internal static bool LooksLike(string name, ReadOnlySpan<byte> bytes)
    {
        var head = bytes[..Math.Min(bytes.Length, 4_096)];
        if (PickleReader.Recognises(head))
            return Path.GetExtension(name) is "" or ".pkl" or ".pickle" || head.IndexOf("pg_config"u8) >= 0 || head.IndexOf("entries"u8) >= 0;

        // PyTorch 2.10 sorts the keys of its own JSON: the entries then come before whatever else names the recorder.
        return head.TrimStart(" \r\n\t"u8).StartsWith("{"u8)
            && (head.IndexOf("\"pg_config\""u8) >= 0 || head.IndexOf("\"pg_status\""u8) >= 0
                || (head.IndexOf("\"entries\""u8) >= 0
                    && (head.IndexOf("\"nccl_version\""u8) >= 0 || head.IndexOf("\"comm_lib_version\""u8) >= 0 || head.IndexOf("\"collective_seq_id\""u8) >= 0)));
    }
}
