namespace Observability.Metrics;

/// <summary>
/// A pattern of literals with gaps between them: <c>node-.*</c>, <c>.+-gpu</c>, <c>a.*b.+c</c>. Taking each literal at its first place
/// decides as a regular expression would, because a gap takes anything.
/// </summary>
/// <param name="Prefix">What a value begins with; the whole value where there is no gap.</param>
/// <param name="Middle">Literals in between, each after a gap of at least so many characters.</param>
/// <param name="Suffix">What a value ends with.</param>
/// <param name="LastGap">Fewest characters before the suffix; -1 where the pattern has no gap at all.</param>
internal sealed record ValueGlob(string Prefix, (int Gap, string Text)[] Middle, string Suffix, int LastGap)
{
    public bool IsLiteral => LastGap < 0;

    public bool Matches(string value)
    {
        if (IsLiteral)
            return value == Prefix;
        if (!value.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var at = Prefix.Length;
        foreach (var (gap, text) in Middle)
        {
            if (at + gap > value.Length)
                return false;
            var found = value.IndexOf(text, at + gap, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + text.Length;
        }

        return value.Length - Suffix.Length >= at + LastGap && value.EndsWith(Suffix, StringComparison.Ordinal);
    }
}
