namespace Observability.Collectors;

/// <summary>Why a scrape failed.</summary>
/// <param name="Text">What is said of it.</param>
/// <param name="Limit">The limit that was passed, by its configuration key; empty where it was none.</param>
internal readonly record struct ScrapeFault(string Text, string Limit = "")
{
    public static ScrapeFault None { get; } = new("");

    public bool IsNone => Text.Length == 0;
}
