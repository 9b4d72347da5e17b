using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors.Tests;

/// <summary>
/// A job whose ranks call collectives and sends, written down as their flight recorders would: every rank has its own ids for the groups,
/// and the dump holds what PyTorch's holds.
/// </summary>
internal sealed class RecordedRun(params (string Name, int[] Ranks)[] groups)
{
    public const long Start = 1_700_000_000_000_000_000;

    private readonly Dictionary<int, List<Dictionary<string, object?>>> _entries = [];
    private readonly HashSet<int> _lost = [];
    private bool _open;

    /// <summary>Only operations that have not completed are dumped, as with <c>onlyActive</c>.</summary>
    public RecordedRun OnlyOpen()
    {
        _open = true;
        return this;
    }

    /// <summary>The ranks leave no dump.</summary>
    public RecordedRun Lose(params int[] ranks)
    {
        _lost.UnionWith(ranks);
        return this;
    }

    /// <summary>Ranks call a collective of a group and end in a state.</summary>
    public RecordedRun Call(string group, long sequence, string state, int[] ranks, string operation = "all_reduce", int size = 1024, string type = "Float", long late = 0)
    {
        foreach (var rank in ranks)
            Add(rank, group, sequence, 0, "nccl:" + operation, state, size, type, late);
        return this;
    }

    /// <summary>A rank posts a send or receive by the group's own ranks: <c>send 0->1</c>.</summary>
    public RecordedRun Post(int rank, string group, long number, string what, string state = "scheduled")
    {
        Add(rank, group, 7, number, "nccl:" + what, state, 64, "Half", 0);
        return this;
    }

    public IReadOnlyList<FlightRecorderDump> Dumps(bool pickle = true) =>
        [.. Files().Select(file => FlightRecorderReader.Read(Bytes(file.Dump, pickle), $"trace_rank_{file.Rank}", out var error) ?? throw new InvalidOperationException(error))];

    public FlightRecorderVerdict Verdict(bool pickle = true) => FlightRecorderAnalysis.Analyse(Dumps(pickle));

    public IEnumerable<(int Rank, Dictionary<string, object?> Dump)> Files()
    {
        foreach (var rank in groups.SelectMany(group => group.Ranks).Distinct().Order().Where(rank => !_lost.Contains(rank)))
        {
            var own = groups.Where(group => group.Ranks.Contains(rank)).ToList();
            var entries = _entries.GetValueOrDefault(rank) ?? [];
            yield return (rank, new Dictionary<string, object?>
            {
                ["version"] = "2.9",
                ["nccl_version"] = "2.27.3",
                ["pg_config"] = own.ToDictionary(group => Number(group.Name), object? (group) => new Dictionary<string, object?>
                {
                    ["name"] = Number(group.Name),
                    ["desc"] = Description(group.Name),
                    ["ranks"] = $"[{string.Join(", ", group.Ranks)}]",
                }),
                ["pg_status"] = own.ToDictionary(group => LocalId(rank, group.Name), object? (group) => Status(entries, group.Name)),
                ["entries"] = entries.Where(entry => !_open || (string)entry["state"]! != "completed").ToList(),
            });
        }
    }

    public static byte[] Bytes(Dictionary<string, object?> dump, bool pickle) =>
        pickle ? PickleWriter.Write(dump) : JsonSerializer.SerializeToUtf8Bytes(dump);

    private Dictionary<string, object?> Status(List<Dictionary<string, object?>> entries, string group)
    {
        // As PyTorch does, sends and collectives overwrite each other here.
        var own = entries.Where(entry => ((string[])entry["process_group"]!)[0] == Number(group)).ToList();
        long Last(Func<Dictionary<string, object?>, bool> which) => own.Where(which)
            .Select(entry => entry["is_p2p"] is true ? (long)entry["p2p_seq_id"]! : (long)entry["collective_seq_id"]!).DefaultIfEmpty(0).Last();
        return new()
        {
            ["last_enqueued_collective"] = Last(_ => true),
            ["last_started_collective"] = -1L,
            ["last_completed_collective"] = Last(entry => (string)entry["state"]! == "completed"),
        };
    }

    // Groups of one kind are described alike: TENSOR#0, TENSOR#1.
    private static string Description(string group) => group.Split('#')[0];

    private string Number(string group) => (10 + Array.FindIndex(groups, known => known.Name == group)).ToString(CultureInfo.InvariantCulture);

    private string LocalId(int rank, string group) =>
        groups.Where(known => known.Ranks.Contains(rank)).TakeWhile(known => known.Name != group).Count().ToString(CultureInfo.InvariantCulture);

    private void Add(int rank, string group, long sequence, long number, string operation, string state, int size, string type, long late)
    {
        if (!_entries.TryGetValue(rank, out var entries))
            _entries[rank] = entries = [];
        var created = Start + (entries.Count * 1_000_000_000L) + late;
        entries.Add(new()
        {
            ["record_id"] = (long)entries.Count + (rank * 1_000),
            ["pg_id"] = long.Parse(LocalId(rank, group), CultureInfo.InvariantCulture),
            ["process_group"] = new[] { Number(group), Description(group) },
            ["collective_seq_id"] = sequence,
            ["p2p_seq_id"] = number,
            ["op_id"] = sequence + number,
            ["profiling_name"] = operation,
            ["input_sizes"] = new[] { new[] { size } },
            ["output_sizes"] = new[] { new[] { size } },
            ["input_dtypes"] = new[] { type },
            ["output_dtypes"] = new[] { type },
            ["state"] = state,
            ["time_created_ns"] = created,
            ["time_discovered_started_ns"] = null,
            ["time_discovered_completed_ns"] = state == "completed" ? created - late + 900_000_000L : null,
            ["retired"] = state == "completed",
            ["timeout_ms"] = 600_000L,
            ["is_p2p"] = number > 0,
        });
    }
}
