namespace Observability.Collectors;

/// <summary>An exemplar of a strictly read line.</summary>
internal sealed record StrictExemplar(IReadOnlyList<KeyValuePair<string, string>> Labels, double Value)
{
    private const int MostCharacters = 128;

    /// <summary>True where names and values of its labels together have more than 128 characters.</summary>
    public bool IsTooLong => Labels.Sum(label => Characters(label.Key) + Characters(label.Value)) > MostCharacters;

    private static int Characters(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
