namespace Observability.Server;

/// <summary>Where a platform that is run for measurement is joined to what surrounds it.</summary>
/// <param name="Transport">Answers its requests in place of the network; null for the network. The platform disposes it.</param>
/// <param name="Readers">Learn of every record of its journal.</param>
internal sealed record PlatformSeams(HttpMessageHandler? Transport, IReadOnlyList<IJournalReader> Readers)
{
    public static PlatformSeams None { get; } = new(null, []);

    /// <summary>What it runs without.</summary>
    public PlatformParts Without { get; init; }
}
