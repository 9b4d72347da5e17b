using System.Text;

namespace Observability.Metrics;

/// <summary>
/// Finds what a regular expression says without one: <c>a|b</c>, <c>rack-(1|2)</c> and <c>^x\.y$</c> are lists of values,
/// <c>node.*</c> is a prefix, <c>.*err.*</c> a search. Of any other pattern it finds the literal that each match begins with.
/// </summary>
internal ref struct PatternRewrite
{
    private const int MostGlobs = 256;
    private const string Quantifiers = "*+?{";

    private readonly ReadOnlySpan<char> _pattern;
    private readonly List<ValueGlob> _globs = [];
    private List<string> _heads = [""];
    private List<(int Gap, string Text)> _middle = [];
    private readonly StringBuilder _literal = new();
    private int _gap = -1;
    private int _at;

    private PatternRewrite(ReadOnlySpan<char> pattern) => _pattern = pattern;

    /// <summary>Globs of which one must match; null, with the literal that every match begins with, where only an automaton can tell.</summary>
    public static ValueGlob[]? Of(string pattern, out string prefix)
    {
        var rewrite = new PatternRewrite(pattern);
        var isWhole = rewrite.Read();
        // Of an alternation that is not understood to its end, the first branch says nothing about the others.
        prefix = isWhole || pattern.Contains('|', StringComparison.Ordinal) || rewrite._heads.Count > 1 || rewrite._globs.Count > 0
            ? "" : rewrite._middle.Count > 0 || rewrite._gap >= 0 ? rewrite._heads[0] : rewrite._heads[0] + rewrite._literal;
        return isWhole ? [.. rewrite._globs] : null;
    }

    private bool Read()
    {
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at];
            if (c == '|')
            {
                if (!EndBranch())
                    return false;
                _at++;
            }
            else if (!ReadPart(c))
            {
                return false;
            }
        }

        return EndBranch();
    }

    private bool ReadPart(char c)
    {
        switch (c)
        {
            case '.' when _at + 1 < _pattern.Length && _pattern[_at + 1] is '*' or '+':
                return ReadGap();
            case '(':
                return ReadGroup();
            // The whole pattern is anchored anyway.
            case '^' when (_at == 0 || _pattern[_at - 1] == '|') && _literal.Length == 0 && _gap < 0 && _heads is [""]:
            case '$' when _at == _pattern.Length - 1 || _pattern[_at + 1] == '|':
                _at++;
                return true;
            default:
                return ReadLiteral(out var literal) && Append(literal);
        }
    }

    // A literal that a quantifier follows is not one: ab? begins with a.
    private readonly bool Append(char literal)
    {
        if (_at < _pattern.Length && Quantifiers.Contains(_pattern[_at], StringComparison.Ordinal))
            return false;
        _literal.Append(literal);
        return true;
    }

    private bool ReadLiteral(out char literal)
    {
        literal = _pattern[_at++];
        if (literal != '\\')
            return !"*+?{}[]().^$|".Contains(literal, StringComparison.Ordinal);
        // An escaped letter or digit is a class, a boundary or a code.
        if (_at == _pattern.Length || char.IsAsciiLetterOrDigit(_pattern[_at]))
            return false;
        literal = _pattern[_at++];
        return true;
    }

    private bool ReadGap()
    {
        var least = _pattern[_at + 1] == '+' ? 1 : 0;
        _at += 2;
        if (_at < _pattern.Length && Quantifiers.Contains(_pattern[_at], StringComparison.Ordinal))
            return false;
        TakeLiteral();
        _gap = Math.Max(0, _gap) + least;
        return true;
    }

    // Literals in parentheses, before any gap: each of them makes one more beginning.
    private bool ReadGroup()
    {
        var (start, kept) = (_at, _literal.Length);
        _at += _pattern[_at..].StartsWith("(?:") ? 3 : 1;
        var choices = new List<string>();
        var choice = new StringBuilder();
        while (_at < _pattern.Length && _pattern[_at] != ')')
        {
            if (_pattern[_at] == '|')
            {
                choices.Add(choice.ToString());
                choice.Clear();
                _at++;
            }
            else if (ReadLiteral(out var literal) && !(_at < _pattern.Length && Quantifiers.Contains(_pattern[_at], StringComparison.Ordinal)))
            {
                choice.Append(literal);
            }
            else
            {
                return GiveUp(start, kept);
            }
        }

        choices.Add(choice.ToString());
        _at++;
        if (_at > _pattern.Length || _gap >= 0 || choices.Count * _heads.Count > MostGlobs
            || (_at < _pattern.Length && Quantifiers.Contains(_pattern[_at], StringComparison.Ordinal)))
            return GiveUp(start, kept);
        var so = _literal.ToString();
        _literal.Clear();
        _heads = [.. _heads.SelectMany(head => choices.Select(one => head + so + one))];
        return true;
    }

    private bool GiveUp(int at, int length)
    {
        _at = at;
        _literal.Length = length;
        return false;
    }

    private void TakeLiteral()
    {
        if (_literal.Length == 0)
            return;
        var text = _literal.ToString();
        _literal.Clear();
        if (_gap < 0)
            _heads = _heads.ConvertAll(head => head + text);
        else
            _middle.Add((_gap, text));
        if (_gap >= 0)
            _gap = 0;
    }

    private bool EndBranch()
    {
        if (_globs.Count + _heads.Count > MostGlobs)
            return false;
        var suffix = _literal.ToString();
        _literal.Clear();
        foreach (var head in _heads)
            _globs.Add(_gap < 0 ? new ValueGlob(head + suffix, [], "", -1) : new ValueGlob(head, [.. _middle], suffix, _gap));
        (_heads, _middle, _gap) = ([""], [], -1);
        return true;
    }
}
