namespace Observability.Collectors;

/// <summary>What a target answered: a body with its format, or an error.</summary>
internal sealed record ScrapeAnswer(BodyRead? Body, ExpositionFormat Format, ScrapeFault Fault) : IDisposable
{
    public static ScrapeAnswer Failed(string error, string limit = "") => new(null, ExpositionFormat.Text, new ScrapeFault(error, limit));

    public void Dispose() => Body?.Dispose();
}
