namespace Observability.Server;

/// <summary>
/// Generated sections at the end of a Markdown page, each between two comments that name it, so that one can be written anew while the
/// others stay.
/// </summary>
internal static class PageSection
{
    private const string Start = "<!-- eval run: ";

    /// <summary>The page with the section replaced, or added at its end.</summary>
    /// <param name="page">The page as it is.</param>
    /// <param name="name">Which section.</param>
    /// <param name="text">What it now holds, without the comments.</param>
    public static string Replace(string page, string name, string text)
    {
        var (from, to) = (Opening(name), Closing(name));
        var section = $"{from}\n{text.TrimEnd()}\n{to}\n";
        var start = page.IndexOf(from, StringComparison.Ordinal);
        if (start < 0)
            return page.Length == 0 ? section : $"{page.TrimEnd()}\n\n{section}";
        var end = page.IndexOf(to, start, StringComparison.Ordinal);
        var rest = end < 0 ? "" : page[(end + to.Length)..].TrimStart('\n');
        return page[..start] + section + (rest.Length > 0 ? $"\n{rest}" : "");
    }

    /// <summary>The generated sections of a page; empty where it has none.</summary>
    public static string AllOf(string page)
    {
        var start = page.IndexOf(Start, StringComparison.Ordinal);
        return start < 0 ? "" : page[start..];
    }

    private static string Opening(string name) => $"{Start}{name} -->";

    private static string Closing(string name) => $"<!-- end of {name} -->";
}
