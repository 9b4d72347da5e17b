using Observability.Model;

namespace Observability.Collectors;

/// <summary>Targets from files of Prometheus's file_sd, JSON or YAML; a name may have <c>*</c> in its last part.</summary>
/// <param name="pattern">The file, or a pattern: <c>/etc/targets/*.json</c>.</param>
/// <param name="rules">Relabelling rules.</param>
/// <param name="defaults">Labels that each target begins with, <c>job</c> for example.</param>
public sealed class FileTargets(string pattern, IReadOnlyList<RelabelRule> rules, LabelSet defaults) : ITargetSource
{
    private const long LimitBytes = 64L * 1_024 * 1_024;

    /// <inheritdoc/>
    public string Name => pattern;

    /// <inheritdoc/>
    public async Task<TargetSet> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new List<LabelSet>();
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(pattern))!;
            foreach (var path in Directory.EnumerateFiles(folder, Path.GetFileName(pattern)).Order(StringComparer.Ordinal))
            {
                if (new FileInfo(path).Length > LimitBytes)
                    return Failed($"{path} is larger than {LimitBytes} bytes");
                var (groups, error) = TargetGroups.Read(await File.ReadAllBytesAsync(path, cancellationToken), path);
                // A file that is half written must not make its targets vanish.
                if (error.Length > 0)
                    return Failed($"{path}: {error}");
                found.AddRange(groups.Select(labels => labels.With("__meta_filepath", path)));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Failed(fault.Message);
        }

        return DiscoveredTargets.Of(found, rules, defaults);

        static TargetSet Failed(string error) => new(null, error);
    }
}
