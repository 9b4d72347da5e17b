using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Observability.Collectors;

/// <summary>
/// The CSV of <c>nvidia-smi --query-gpu=… --format=csv</c>, with units in the header or without. A further header, as a capture of
/// several queries has it, begins a new table.
/// <code>
/// timestamp, name, uuid, temperature.gpu, power.draw [W], memory.used [MiB]
/// 2026/07/14 08:12:53.353, NVIDIA H100 80GB HBM3, GPU-…, 59, 631.95 W, 19818 MiB
/// </code>
/// </summary>
internal static class NvidiaSmiCsv
{
    private const int ColumnLimit = 1_024;
    private const int RowLimit = 100_000;

    // Names that --help-query-gpu lists as the same column, and those of drivers before 535.
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["gpu_name"] = "name",
        ["gpu_serial"] = "serial",
        ["gpu_uuid"] = "uuid",
        ["gpu_bus_id"] = "pci.bus_id",
        ["retired_pages.sbe"] = "retired_pages.single_bit_ecc.count",
        ["retired_pages.dbe"] = "retired_pages.double_bit.count",
        ["clocks.gr"] = "clocks.current.graphics",
        ["clocks.sm"] = "clocks.current.sm",
        ["clocks.mem"] = "clocks.current.memory",
        ["clocks.video"] = "clocks.current.video",
        ["clocks.max.gr"] = "clocks.max.graphics",
        ["clocks.max.mem"] = "clocks.max.memory",
        ["power.draw.average"] = "power.draw",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"u8);

    private static readonly string[] Identities = ["uuid", "pci.bus_id", "index", "serial"];

    public static void Read(ReadOnlySpan<byte> text, List<NvidiaSmiGpu> gpus, List<string> refused)
    {
        string[]? columns = null;
        var number = 0;
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var range in text.Split((byte)'\n'))
        {
            number++;
            var line = text[range];
            if (IsShapedAsHeader(line) && Header(Encoding.UTF8.GetString(line)) is { } header)
            {
                columns = header;
            }
            else if (columns is not null && line.IndexOf(", "u8) >= 0)
            {
                if (gpus.Count >= RowLimit)
                {
                    refused.Add($"line {number}: more than {RowLimit} rows");
                    return;
                }

                var cells = Encoding.UTF8.GetString(line).Split(',');
                if (cells.Length == columns.Length)
                    gpus.Add(Gpu(columns, cells, seen));
                else if (cells.Length > columns.Length / 2)
                    refused.Add($"line {number}: {cells.Length} cells, the header has {columns.Length}: {Excerpt.Of(Encoding.UTF8.GetString(line))}");
                else
                    columns = null;
            }
            else if (columns is not null && line.Trim(" \t\r"u8).Length > 0)
            {
                // Anything else ends the table.
                columns = null;
            }
        }
    }

    // Prose is told from a header within its first words: cells are one lower-case name each, and perhaps a unit.
    private static bool IsShapedAsHeader(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r"u8);
        var name = line.IndexOfAnyExcept(NameBytes);
        return name > 0 && line[0] is >= (byte)'a' and <= (byte)'z' && line[name..] is [(byte)',', (byte)' ', ..] or [(byte)' ', (byte)'[', ..];
    }

    /// <summary>The columns of a header line, by their longest names; null where the line is none.</summary>
    public static string[]? Header(string line)
    {
        if (!line.Contains(", ", StringComparison.Ordinal))
            return null;
        var cells = line.Split(',', ColumnLimit + 1);
        if (cells.Length > ColumnLimit)
            return null;
        var columns = cells.Select(Column).ToArray();
        // A table of processes names its GPU with gpu_uuid, and has a pid.
        return columns.Any(column => Identities.Contains(column)) && columns.All(IsName) && !columns.Contains("pid") && !columns.Any(column => column.StartsWith("retired_pages.address", StringComparison.Ordinal))
            ? columns
            : null;
    }

    private static string Column(string cell)
    {
        var name = cell.Trim();
        var unit = name.IndexOf(" [", StringComparison.Ordinal);
        if (unit > 0)
            name = name[..unit];
        if (name.StartsWith("clocks_throttle_reasons", StringComparison.Ordinal))
            name = "clocks_event_reasons" + name["clocks_throttle_reasons".Length..];
        return Aliases.GetValueOrDefault(name, name);
    }

    private static bool IsName(string column) =>
        column.Length > 0 && char.IsAsciiLetterLower(column[0]) && column.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');

    private static NvidiaSmiGpu Gpu(string[] columns, string[] cells, Dictionary<string, int> seen)
    {
        var stated = Array.IndexOf(columns, "index") is >= 0 and var at && NvidiaSmiValue.Number(cells[at]) is >= 0 and < 1_024 and var index
            ? (int)index
            : Ordinal(columns, cells, seen);
        var time = Array.IndexOf(columns, "timestamp") is >= 0 and var place ? Time(cells[place].Trim()) : null;
        var gpu = new NvidiaSmiGpu(stated) { At = time };
        for (var i = 0; i < columns.Length; i++)
        {
            // A column under both of its names: the one that says something wins.
            if (!gpu.Fields.TryGetValue(columns[i], out var before) || !NvidiaSmiValue.IsStated(before))
                gpu.Fields[columns[i]] = cells[i].Trim();
        }

        return gpu;
    }

    // nvidia-smi lists GPUs in the order of their indices. With -l the rows of one GPU come again and again: it keeps its place.
    private static int Ordinal(string[] columns, string[] cells, Dictionary<string, int> seen)
    {
        var identity = cells[Array.FindIndex(columns, column => Identities.Contains(column))].Trim();
        if (seen.TryGetValue(identity, out var before))
            return before;
        return seen[identity] = seen.Count;
    }

    private static DateTimeOffset? Time(string text) => DateTimeOffset.TryParseExact(
        text, ["yyyy/MM/dd HH:mm:ss.fff", "yyyy/MM/dd HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        ? at
        : null;
}
