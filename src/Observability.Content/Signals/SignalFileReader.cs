using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>Reads <c>rules/signals.yaml</c>.</summary>
/// <remarks>
/// <code>
/// signals:
///   - name: gpu.temperature
///     unit: celsius
///     meaning: Core temperature of a GPU
///     expressions:
///       nvidia: max by (node, gpu, UUID) (DCGM_FI_DEV_GPU_TEMP)
/// </code>
/// </remarks>
public static class SignalFileReader
{
    /// <summary>Signals in the order of the file; names are unique. A signal with a fault is left out.</summary>
    public static ReadResult<ImmutableArray<SignalSpec>> Read(ContentFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var findings = new Findings();
        var signals = new Dictionary<string, SignalSpec>(StringComparer.Ordinal);
        if (YamlDocument.FirstMap(file, findings) is not { } root)
            return findings.With<ImmutableArray<SignalSpec>>([]);
        foreach (var map in root.Maps("signals"))
        {
            var before = findings.Count;
            var signal = new SignalSpec(
                map.Required("name"), map.Required("unit"), map.Required("meaning"), [.. map.Pairs("expressions")], map.At);
            if (signal.Expressions.IsEmpty)
                map.Fault("expressions", "is missing; write one PromQL expression for each vendor");
            if (signals.TryGetValue(signal.Name, out var other) && signal.Name.Length > 0)
                map.Fault("name", $"'{signal.Name}' is also at {other.Source}");
            map.Close();
            if (findings.Count == before)
                signals.Add(signal.Name, signal);
        }

        root.Close();
        return findings.With<ImmutableArray<SignalSpec>>([.. signals.Values]);
    }
}
