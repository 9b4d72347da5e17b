namespace Observability.Collectors;

/// <summary>Targets from the configuration.</summary>
public sealed class FixedTargets(IReadOnlyList<ScrapeTarget> targets) : ITargetSource
{
    /// <inheritdoc/>
    public string Name => "configuration";

    /// <inheritdoc/>
    public Task<TargetSet> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new TargetSet(targets));
}
