namespace Observability.Collectors;

/// <summary>
/// The job objects of a cluster. Which kinds it has is asked at <c>/apis</c>, and again with every full list, because operators are installed
/// while the cluster runs. A kind that cannot be read keeps the objects it had, and costs the others nothing.
/// </summary>
internal sealed class KubernetesJobs(KubernetesOptions options, KubernetesConnection connection)
{
    private readonly Dictionary<string, KubernetesResource<KubernetesJob>> _kinds = new(StringComparer.Ordinal);
    private DateTimeOffset _nextLook;

    /// <summary>Every object there is.</summary>
    public IReadOnlyCollection<KubernetesJob> Objects => [.. _kinds.Values.SelectMany(kind => kind.Objects.Values)];

    /// <summary>Catches up with every kind at the same time; what went wrong with which of them.</summary>
    public async Task<IReadOnlyList<(string Path, string Fault)>> CatchUpAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var faults = new List<(string Path, string Fault)>();
        if (now >= _nextLook && await LookAsync(cancellationToken) is var fault)
        {
            if (fault.Length > 0)
                faults.Add(("/apis", fault));
            else
                _nextLook = now + options.ListInterval;
        }

        var answers = await Task.WhenAll(_kinds.Select(async kind => (Path: kind.Key, Answer: await kind.Value.CatchUpAsync(now, cancellationToken))));
        foreach (var (path, answer) in answers)
        {
            // The group is served and this kind of it is not installed.
            if (answer.IsMissing)
                _kinds.Remove(path);
            else if (answer.Fault.Length > 0)
                faults.Add((path, answer.Fault));
        }

        return faults;
    }

    private async Task<string> LookAsync(CancellationToken cancellationToken)
    {
        var served = new HashSet<string>(StringComparer.Ordinal);
        var answer = await connection.GetAsync("/apis", (options.Timeout, options.BodyLimitBytes), root =>
        {
            foreach (var version in root.Items("groups").SelectMany(group => group.Items("versions")))
                served.Add(version.Text("groupVersion"));
        }, cancellationToken);
        if (answer.Fault.Length > 0)
            return answer.Fault;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var kind in KubernetesJobKind.All)
        {
            if (kind.Versions.FirstOrDefault(version => served.Contains($"{kind.Group}/{version}")) is not { } version)
                continue;
            var path = $"/apis/{kind.Group}/{version}/{kind.Plural}";
            paths.Add(path);
            if (!_kinds.ContainsKey(path))
                _kinds[path] = new KubernetesResource<KubernetesJob>(path, kind.JobOf, options, connection);
        }

        foreach (var gone in _kinds.Keys.Where(path => !paths.Contains(path)).ToList())
            _kinds.Remove(gone);
        return "";
    }
}
