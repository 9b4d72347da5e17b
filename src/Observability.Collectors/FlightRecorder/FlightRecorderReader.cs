using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// Reads one rank's dump, as PyTorch writes it: a pickle by default (<c>nccl_trace_rank_3</c>), JSON on request.
/// <code>
/// {"version":"2.9","nccl_version":"2.27.3",
///  "pg_config":{"41":{"name":"41","desc":"TENSOR_MODEL_PARALLEL_GROUP","ranks":"[12, 13]"}},
///  "pg_status":{"5":{"last_enqueued_collective":42817,"last_started_collective":-1,"last_completed_collective":42805}},
///  "entries":[{"record_id":90083,"pg_id":5,"process_group":["41","TENSOR_MODEL_PARALLEL_GROUP"],"collective_seq_id":42806,"p2p_seq_id":0,
///    "profiling_name":"nccl:_all_gather_base","input_sizes":[[4096,1,5120]],"input_dtypes":["BFloat16"],"state":"scheduled",…}]}
/// </code>
/// The dump does not name its rank: it is the one member that all its groups share, or the number at the end of the file's name.
/// </summary>
public static class FlightRecorderReader
{
    /// <summary>Most entries taken from one dump; PyTorch keeps 2,000 by default.</summary>
    private const int EntryLimit = 200_000;

    private const int RefusedKept = 5;

    /// <summary>Reads a dump; null with the reason where it is none.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">Its name, for the rank where the dump leaves it open.</param>
    /// <param name="error">Why nothing was read, or an empty string.</param>
    public static FlightRecorderDump? Read(ReadOnlySpan<byte> bytes, string name, out string error)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            var root = PickleReader.Recognises(bytes) ? PickleReader.Read(bytes) : DumpJson.Read(bytes);
            error = "";
            if (root is Dictionary<string, object?> dump && (dump.ContainsKey("entries") || dump.ContainsKey("pg_status")))
                return Dump(dump, name, out error);
            error = "no flight-recorder dump: neither entries nor pg_status are in it";
        }
        catch (Exception fault) when (fault is PickleFault or JsonException or InvalidOperationException)
        {
            error = fault.Message;
        }

        return null;
    }

    private static FlightRecorderDump? Dump(Dictionary<string, object?> dump, string name, out string error)
    {
        var refused = new List<string>();
        var groups = Map(dump, "pg_config").Select(pair => Group(pair.Key, pair.Value)).OfType<FlightRecorderGroup>().ToImmutableArray();
        error = "";
        if (RankOf(dump, groups, name) is not { } rank)
        {
            error = $"{name}: its groups leave the rank open and its name does not end in a number; name it rank<N>";
            return null;
        }

        var entries = new List<FlightRecorderEntry>();
        foreach (var item in (dump.GetValueOrDefault("entries") as List<object?> ?? []).Take(EntryLimit))
        {
            if (item is Dictionary<string, object?> fields)
                entries.Add(Entry(fields));
            else if (refused.Count < RefusedKept)
                refused.Add($"entries[{entries.Count}] is no object");
        }

        return new FlightRecorderDump(rank)
        {
            Version = Text(dump, "version"),
            NcclVersion = Text(dump, "nccl_version"),
            Groups = groups,
            Progress = [.. Map(dump, "pg_status").Select(pair => Progress(pair.Key, pair.Value))],
            Entries = [.. entries.OrderBy(entry => entry.RecordId)],
            Refused = [.. refused],
        };
    }

    private static int? RankOf(Dictionary<string, object?> dump, ImmutableArray<FlightRecorderGroup> groups, string name)
    {
        if (Number(dump, "rank", -1) is >= 0 and var stated)
            return (int)Math.Min(stated, int.MaxValue);
        var members = groups.Where(group => group.Ranks.Length > 0).Select(group => group.Ranks.AsEnumerable()).ToList();
        var shared = members.Count == 0 ? [] : members.Aggregate((left, right) => left.Intersect(right)).ToList();
        if (shared.Count == 1)
            return shared[0];
        var stem = Path.GetFileName(name).Split('.')[0];
        var digits = stem.Length - stem.AsSpan().TrimEnd("0123456789").Length;
        return digits > 0 && int.TryParse(stem[^digits..], NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : null;
    }

    private static FlightRecorderGroup? Group(string key, object? value)
    {
        if (value is not Dictionary<string, object?> fields)
            return null;
        var name = Text(fields, "name");
        return new FlightRecorderGroup(name.Length > 0 ? name : key, Text(fields, "desc"), Ranks(fields.GetValueOrDefault("ranks")));
    }

    // "[0, 1, 2]" as text in dumps of PyTorch, a list in those of others.
    private static ImmutableArray<int> Ranks(object? value) => value switch
    {
        List<object?> list => [.. list.OfType<long>().Select(rank => (int)rank)],
        string text => [.. text.Trim('[', ']', ' ').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : -1)
            .Where(rank => rank >= 0)],
        _ => [],
    };

    private static FlightRecorderProgress Progress(string id, object? value)
    {
        var fields = value as Dictionary<string, object?> ?? [];
        return new FlightRecorderProgress(
            id, Number(fields, "last_enqueued_collective", -1), Number(fields, "last_started_collective", -1), Number(fields, "last_completed_collective", -1));
    }

    private static FlightRecorderEntry Entry(Dictionary<string, object?> fields)
    {
        var group = fields.GetValueOrDefault("process_group") as List<object?> ?? [];
        return new FlightRecorderEntry
        {
            RecordId = Number(fields, "record_id", 0),
            LocalGroupId = Convert.ToString(fields.GetValueOrDefault("pg_id"), CultureInfo.InvariantCulture) ?? "",
            Group = group.Count > 0 && group[0] is string name ? name : "",
            GroupDescription = group.Count > 1 && group[1] is string description ? description : "",
            CollectiveSequence = Number(fields, "collective_seq_id", Number(fields, "seq_id", 0)),
            PointToPointSequence = Number(fields, "p2p_seq_id", 0),
            Operation = Text(fields, "profiling_name"),
            InputElements = Elements(fields.GetValueOrDefault("input_sizes")),
            OutputElements = Elements(fields.GetValueOrDefault("output_sizes")),
            Types = [.. Texts(fields, "input_dtypes"), .. Texts(fields, "output_dtypes")],
            State = Text(fields, "state"),
            CreatedNanoseconds = Number(fields, "time_created_ns", 0),
            CompletedNanoseconds = Number(fields, "time_discovered_completed_ns", 0),
            IsPointToPoint = fields.GetValueOrDefault("is_p2p") is true,
            Retired = fields.GetValueOrDefault("retired") is true,
        };
    }

    // The shape may differ between ranks where the count does not, and NCCL sees only the count.
    private static long Elements(object? sizes)
    {
        long sum = 0;
        foreach (var shape in sizes as List<object?> ?? [])
        {
            if (shape is List<object?> dimensions)
                sum = unchecked(sum + dimensions.OfType<long>().Aggregate(1L, (product, size) => unchecked(product * size)));
        }

        return sum;
    }

    private static IEnumerable<string> Texts(Dictionary<string, object?> fields, string key) =>
        (fields.GetValueOrDefault(key) as List<object?> ?? []).OfType<string>();

    private static IEnumerable<KeyValuePair<string, object?>> Map(Dictionary<string, object?> fields, string key) =>
        fields.GetValueOrDefault(key) as Dictionary<string, object?> ?? [];

    private static string Text(Dictionary<string, object?> fields, string key) => fields.GetValueOrDefault(key) as string ?? "";

    private static long Number(Dictionary<string, object?> fields, string key, long otherwise) => fields.GetValueOrDefault(key) switch
    {
        long whole => whole,
        double real when Math.Abs(real) < 9e18 => (long)real,
        _ => otherwise,
    };
}
