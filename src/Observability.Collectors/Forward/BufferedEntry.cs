namespace Observability.Collectors;

/// <summary>One request that waits to be sent.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Items">How many samples or events.</param>
/// <param name="Body">The request's body.</param>
internal sealed record BufferedEntry(BufferedKind Kind, int Items, byte[] Body);
