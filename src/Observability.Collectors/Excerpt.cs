namespace Observability.Collectors;

/// <summary>As much of a foreign text as a message has room for.</summary>
internal static class Excerpt
{
    private const int Usual = 80;

    /// <summary>The text, or its beginning and an ellipsis.</summary>
    public static string Of(string text, int most = Usual) => text.Length > most ? text[..most] + "…" : text;
}
