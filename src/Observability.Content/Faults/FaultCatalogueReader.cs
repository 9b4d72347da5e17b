using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>Reads the fault catalogue: what a code of a log means and what follows from it.</summary>
/// <remarks>
/// <code>
/// faults:
///   - code: xid:79
///     meaning: GPU has fallen off the bus
///     class: gpu_off_bus
///     role: cause
///     severity: critical
///     action: drain-and-reset
///     hold: 10m
///     count: 1
///     window: 24h
///     reference: NVIDIA Xid catalogue 2025-09-30
/// </code>
/// </remarks>
public static class FaultCatalogueReader
{
    /// <summary>The rows of all files; codes are unique over all of them. A row with a fault is left out.</summary>
    public static ReadResult<ImmutableArray<FaultCatalogueRow>> Read(IReadOnlyList<ContentFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var findings = new Findings();
        var rows = new Dictionary<string, FaultCatalogueRow>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (YamlDocument.FirstMap(file, findings) is not { } root)
                continue;
            foreach (var map in root.Maps("faults"))
            {
                var before = findings.Count;
                var row = ReadRow(map);
                if (rows.TryGetValue(row.Code, out var other) && row.Code.Length > 0)
                    map.Fault("code", $"'{row.Code}' is also at {other.Source}; a code has one row");
                if (findings.Count == before)
                    rows.Add(row.Code, row);
            }

            root.Close();
        }

        return findings.With<ImmutableArray<FaultCatalogueRow>>([.. rows.Values]);
    }

    private static FaultCatalogueRow ReadRow(YamlMap map)
    {
        var row = new FaultCatalogueRow
        {
            Code = map.Required("code"),
            Meaning = map.Required("meaning"),
            FaultClass = map.Required("class"),
            Role = map.OneOf("role", AlertLabel.RoleSymptom, AlertLabel.RoleCause),
            Severity = map.OneOf("severity", "none", "info", "warning", "critical"),
            Action = map.Text("action") ?? "none",
            Hold = map.Duration("hold") ?? TimeSpan.FromMinutes(10),
            Count = map.Integer("count") ?? 1,
            Window = map.Duration("window") ?? TimeSpan.FromHours(24),
            Reference = map.Required("reference"),
            Source = map.At,
        };
        foreach (var key in (ReadOnlySpan<string>)["role", "severity"])
        {
            if (!map.Has(key))
                map.Fault(key, "is missing");
        }

        if (row.FaultClass.Length > 0 && !FaultClass.All.Contains(row.FaultClass))
            map.Fault("class", $"is '{row.FaultClass}'; use {string.Join(", ", FaultClass.All.Order(StringComparer.Ordinal))}");
        if (row.Count < 1)
            map.Fault("count", $"is {row.Count}; use 1 or more");
        map.Close();
        return row;
    }
}
