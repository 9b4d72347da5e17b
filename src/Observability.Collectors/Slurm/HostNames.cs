namespace Observability.Collectors;

/// <summary>
/// Expands the host lists of one document, of which each may name as many hosts as there are and all together no more than a few jobs on each of
/// them: four thousand lines of <c>node[0-99999]</c> are a damaged file and no fleet.
/// </summary>
internal sealed class HostNames
{
    private const int MostInAll = 1_000_000;

    private int _left = MostInAll;

    /// <summary>What is wrong with a list that is not expanded, after its text.</summary>
    public static string Refusal { get; } = $"is no host list of at most {HostList.Limit} names, or all lists here name more than {MostInAll}";

    /// <summary>The names in order; null where the text is no host list or names too many.</summary>
    public List<string>? Expand(string text)
    {
        var names = HostList.Expand(text, Math.Min(HostList.Limit, _left));
        _left -= names?.Count ?? 0;
        return names;
    }
}
