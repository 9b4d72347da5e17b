namespace Observability.Collectors;

/// <summary>Says which targets there are.</summary>
public interface ITargetSource
{
    /// <summary>Where the targets are read from.</summary>
    string Name { get; }

    /// <summary>The targets of this moment. A source that fails says so in <see cref="TargetSet.Error"/> and keeps its old targets.</summary>
    Task<TargetSet> ReadAsync(CancellationToken cancellationToken);
}
