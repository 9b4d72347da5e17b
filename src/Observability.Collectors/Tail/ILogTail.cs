namespace Observability.Collectors;

/// <summary>Reads what a log gained since a position.</summary>
internal interface ILogTail
{
    Task<TailRead> ReadAsync(TailPosition? since, CancellationToken cancellationToken);
}
