using System.Collections.Frozen;
using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// The rows of the fault catalogue by code. A code may have a second row for its repetition, written
/// <c>xid_repeated:13</c> with a count of two or more; both speak of <c>xid:13</c>. A row <c>family:*</c> stands for every code of its family that has no row of its own.
/// </summary>
public sealed class FaultCatalogue
{
    private const string RepeatedFamily = "_repeated:";

    private readonly FrozenDictionary<string, ImmutableArray<FaultCatalogueRow>> _rows;

    /// <summary>A catalogue of rows.</summary>
    public FaultCatalogue(IEnumerable<FaultCatalogueRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _rows = rows
            .GroupBy(row => row.Code.Replace(RepeatedFamily, ":", StringComparison.Ordinal), StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.OrderBy(row => row.Count).ToImmutableArray(), StringComparer.Ordinal);
        Count = _rows.Values.Sum(list => list.Length);
    }

    /// <summary>Number of rows, the built-in ones not among them.</summary>
    public int Count { get; }

    /// <summary>The rows that speak of a code, fewest events first; empty where nothing does.</summary>
    public ImmutableArray<FaultCatalogueRow> Find(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (_rows.TryGetValue(code, out var rows))
            return rows;
        var colon = code.IndexOf(':', StringComparison.Ordinal);
        var family = colon > 0 ? code[..colon] : code;
        if (_rows.TryGetValue(family + ":*", out rows))
            return rows;
        return s_builtIn.TryGetValue(code, out var builtIn) || s_builtIn.TryGetValue(family + ":*", out builtIn) ? [builtIn] : [];
    }

    // What must hold even if a site's catalogue forgets it: an unknown code is looked at and never cordons anything,
    // and announced work is known as such.
    private static readonly FrozenDictionary<string, FaultCatalogueRow> s_builtIn = new Dictionary<string, FaultCatalogueRow>(StringComparer.Ordinal)
    {
        ["xid:*"] = Unknown("xid:*", "GPU driver code without a row in the catalogue"),
        ["sxid:*"] = Unknown("sxid:*", "NVSwitch driver code without a row in the catalogue"),
        [EventAlerter.MaintenanceStart] = new()
        {
            Code = EventAlerter.MaintenanceStart,
            Meaning = "Announced maintenance",
            FaultClass = FaultClass.Maintenance,
            Role = AlertLabel.RoleCause,
            Severity = "info",
            Action = "ignore",
            Hold = TimeSpan.FromHours(4),
            Reference = "built in",
            Source = new SourceLine("(built in)", 0),
        },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FaultCatalogueRow Unknown(string code, string meaning) => new()
    {
        Code = code,
        Meaning = meaning,
        FaultClass = FaultClass.Unknown,
        Role = AlertLabel.RoleSymptom,
        Severity = "warning",
        Action = "investigate",
        Reference = "built in",
        Source = new SourceLine("(built in)", 0),
    };
}
