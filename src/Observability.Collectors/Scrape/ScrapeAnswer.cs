namespace Observability.Collectors;

/// <summary>What a target answered: a body with its format, or an error.</summary>
internal sealed record ScrapeAnswer(BodyRead? Body, ExpositionFormat Format, string Error) : IDisposable
{
    public static ScrapeAnswer Failed(string error) => new(null, ExpositionFormat.Text, error);

    public void Dispose() => Body?.Dispose();
}
