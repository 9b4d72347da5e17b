using System.Collections.Frozen;
using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// Metric names of DCGM 4.6 ("DCGM Field Naming Standard") and the names they replaced. Exporters print whatever their
/// counter file says, so a fleet may write both. Source: dcgm_fields.h of DCGM 4.6.0 and the exporter's default-counters.csv.
/// Field 112 is listed the other way round: rules are written with the newer of its names.
/// </summary>
internal static partial class DcgmNames
{
    private const string Prefix = "DCGM_FI_";

    // One field per NVLink: the numbers of a family lie in up to four runs, because links 6 to 17 were added later.
    private static readonly (string New, string Old, (int FieldId, int Link, int Count)[] Runs)[] Families =
    [
        ("DEV_NVLINK_CRC_FLIT_ERROR_L#_TOTAL", "DEV_NVLINK_CRC_FLIT_ERROR_COUNT_L#", [(400, 0, 6), (406, 12, 3), (451, 6, 6), (481, 15, 3)]),
        ("DEV_NVLINK_CRC_DATA_ERROR_L#_TOTAL", "DEV_NVLINK_CRC_DATA_ERROR_COUNT_L#", [(410, 0, 6), (416, 12, 3), (457, 6, 6), (484, 15, 3)]),
        ("DEV_NVLINK_REPLAY_ERROR_L#_TOTAL", "DEV_NVLINK_REPLAY_ERROR_COUNT_L#", [(420, 0, 6), (426, 12, 3), (463, 6, 6), (487, 15, 3)]),
        ("DEV_NVLINK_RECOVERY_ERROR_L#_TOTAL", "DEV_NVLINK_RECOVERY_ERROR_COUNT_L#", [(430, 0, 6), (436, 12, 3), (469, 6, 6), (491, 15, 3)]),
        ("DEV_NVLINK_THROUGHPUT_L#", "DEV_NVLINK_BANDWIDTH_L#", [(440, 0, 6), (446, 12, 3), (475, 6, 6), (494, 15, 3)]),
        ("DEV_NVLINK_TX_THROUGHPUT_L#", "DEV_NVLINK_TX_BANDWIDTH_L#", [(825, 0, 18)]),
        ("DEV_NVLINK_RX_THROUGHPUT_L#", "DEV_NVLINK_RX_BANDWIDTH_L#", [(879, 0, 18)]),
    ];

    private static readonly (int FieldId, string New, string Old)[] Rows = [.. TableRows(), .. FamilyRows()];

    private static readonly FrozenDictionary<string, string> OldByNew =
        Rows.ToFrozenDictionary(row => row.New, row => row.Old, StringComparer.Ordinal);

    /// <summary>Every renamed field: its id, its name in DCGM 4.6, its name until then.</summary>
    public static IReadOnlyList<(int FieldId, string New, string Old)> All => Rows;

    /// <summary>The name that rules are written with.</summary>
    public static string Canonical(string name) => OldByNew.GetValueOrDefault(name, name);

    private static IEnumerable<(int FieldId, string New, string Old)> TableRows()
    {
        foreach (var line in Table.Split('\n'))
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            yield return (int.Parse(cells[0], CultureInfo.InvariantCulture), Prefix + cells[1], Prefix + cells[2].TrimEnd('\r'));
        }
    }

    private static IEnumerable<(int FieldId, string New, string Old)> FamilyRows()
    {
        foreach (var (renamed, old, runs) in Families)
        {
            foreach (var (fieldId, link, count) in runs)
            {
                for (var i = 0; i < count; i++)
                {
                    var number = (link + i).ToString(CultureInfo.InvariantCulture);
                    yield return (fieldId + i, Prefix + Numbered(renamed, number), Prefix + Numbered(old, number));
                }
            }
        }
    }

    private static string Numbered(string name, string number) => name.Replace("#", number, StringComparison.Ordinal);
}
