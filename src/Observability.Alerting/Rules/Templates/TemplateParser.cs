using System.Collections.Immutable;

namespace Observability.Alerting;

/// <summary>
/// Parses the part of Go's text/template that rule files use: actions, pipelines, variables, <c>if</c>, <c>else if</c>,
/// <c>with</c>, <c>range</c>, <c>break</c>, <c>continue</c>, <c>define</c>, <c>template</c>, <c>block</c>, comments and the trim
/// markers <c>{{-</c> and <c>-}}</c>.
/// </summary>
internal sealed class TemplateParser
{
    private readonly List<(bool IsAction, string Text, int Line)> _parts;
    private readonly Dictionary<string, ImmutableArray<TemplateNode>> _named = new(StringComparer.Ordinal);
    private HashSet<string> _variables = new(StringComparer.Ordinal) { "", "labels", "value", "externalLabels", "externalURL" };
    private int _part;
    private int _loops;

    private TemplateParser(string text) => _parts = Split(text);

    /// <summary>What is printed, and the named templates that were defined on the way.</summary>
    public static (ImmutableArray<TemplateNode> Nodes, IReadOnlyDictionary<string, ImmutableArray<TemplateNode>> Named) Parse(string text)
    {
        var parser = new TemplateParser(text);
        var nodes = parser.ParseList(out var end);
        return end.Length == 0
            ? (nodes, parser._named)
            : throw new TemplateException($"line {parser._parts[parser._part - 1].Line}: unexpected {{{{{end}}}}}");
    }

    private static List<(bool IsAction, string Text, int Line)> Split(string text)
    {
        var parts = new List<(bool, string, int)>();
        int at = 0, line = 1;
        var trimNext = false;
        while (at < text.Length)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            var literal = open < 0 ? text[at..] : text[at..open];
            var trimThis = open >= 0 && open + 3 < text.Length && text[open + 2] == '-' && char.IsWhiteSpace(text[open + 3]);
            AddText(parts, literal, line, trimNext, trimThis);
            line += literal.Count(c => c == '\n');
            if (open < 0)
                return parts;

            var start = open + (trimThis ? 3 : 2);
            var close = FindClose(text, start);
            if (close < 0)
                throw new TemplateException($"line {line}: unclosed action, expected }}}}");
            trimNext = close - start >= 2 && text[close - 1] == '-' && char.IsWhiteSpace(text[close - 2]);
            var body = text[start..(trimNext ? close - 1 : close)].Trim();
            parts.Add((true, body, line));
            line += text.AsSpan(open, close - open).Count('\n');
            at = close + 2;
        }

        return parts;
    }

    private static void AddText(List<(bool, string, int)> parts, string literal, int line, bool trimStart, bool trimEnd)
    {
        if (trimStart)
            literal = literal.TrimStart();
        if (trimEnd)
            literal = literal.TrimEnd();
        if (literal.Length > 0)
            parts.Add((false, literal, line));
    }

    // A closing }} inside a string or comment does not close the action.
    private static int FindClose(string text, int at)
    {
        if (text.AsSpan(at).TrimStart().StartsWith("/*"))
        {
            var end = text.IndexOf("*/", at, StringComparison.Ordinal);
            return end < 0 ? -1 : text.IndexOf("}}", end, StringComparison.Ordinal);
        }

        var quote = '\0';
        for (; at < text.Length - 1; at++)
        {
            var c = text[at];
            if (quote != '\0')
            {
                if (c == '\\' && quote == '"')
                    at++;
                else if (c == quote)
                    quote = '\0';
            }
            else if (c is '"' or '`')
            {
                quote = c;
            }
            else if (c == '}' && text[at + 1] == '}')
            {
                return at;
            }
        }

        return -1;
    }

    // Reads until the end of the template or an action that ends this list; that word is handed back.
    private ImmutableArray<TemplateNode> ParseList(out string end)
    {
        var nodes = ImmutableArray.CreateBuilder<TemplateNode>();
        while (_part < _parts.Count)
        {
            var (isAction, text, line) = _parts[_part++];
            if (!isAction)
            {
                nodes.Add(new TextNode(line, text));
                continue;
            }

            if (text.StartsWith("/*", StringComparison.Ordinal))
                continue;
            var word = FirstWord(text);
            switch (word)
            {
                case "end" or "else":
                    end = text;
                    return nodes.ToImmutable();
                case "if" or "with":
                    nodes.Add(ParseBranch(word, text[word.Length..], line));
                    break;
                case "range":
                    nodes.Add(ParseRange(text[word.Length..], line));
                    break;
                case "define":
                    Define(FirstQuoted(text[word.Length..], line, out _), line);
                    break;
                case "template":
                    nodes.Add(ParseCall(text[word.Length..], line));
                    break;
                case "block":
                    var call = ParseCall(text[word.Length..], line);
                    Define(call.Name, line);
                    nodes.Add(call);
                    break;
                case "break" or "continue":
                    if (_loops == 0)
                        throw new TemplateException($"line {line}: {{{{{word}}}}} outside {{{{range}}}}");
                    nodes.Add(new LoopNode(line, word == "break"));
                    break;
                default:
                    nodes.Add(new ActionNode(line, ParsePipeline(text, line)));
                    break;
            }
        }

        end = "";
        return nodes.ToImmutable();
    }

    private static string FirstWord(string text)
    {
        var length = 0;
        while (length < text.Length && char.IsLetter(text[length]))
            length++;
        return text[..length];
    }

    private BranchNode ParseBranch(string word, string condition, int line)
    {
        var pipeline = ParsePipeline(condition, line);
        var then = ParseList(out var end);
        var otherwise = ParseElse(word, end, line);
        return new BranchNode(line, word == "with", pipeline, then, otherwise);
    }

    private ImmutableArray<TemplateNode> ParseElse(string word, string end, int line)
    {
        if (end == "end")
            return [];
        if (end.Length == 0)
            throw new TemplateException($"line {line}: {{{{{word}}}}} has no {{{{end}}}}");
        var rest = end["else".Length..].Trim();
        if (rest.Length > 0)
        {
            var next = FirstWord(rest);
            if (next is not ("if" or "with"))
                throw new TemplateException($"line {line}: unexpected {{{{{end}}}}}");
            return [ParseBranch(next, rest[next.Length..], line)];
        }

        var nodes = ParseList(out var close);
        return close == "end" ? nodes : throw new TemplateException($"line {line}: {{{{{word}}}}} has no {{{{end}}}} after its {{{{else}}}}");
    }

    private RangeNode ParseRange(string source, int line)
    {
        var pipeline = ParsePipeline(source, line);
        _loops++;
        var body = ParseList(out var end);
        _loops--;
        return new RangeNode(line, pipeline, body, ParseElse("range", end, line));
    }

    // define "name": its own variables, of which $ is what it is called with.
    private void Define(string name, int line)
    {
        var (outer, loops) = (_variables, _loops);
        (_variables, _loops) = (new(StringComparer.Ordinal) { "" }, 0);
        var body = ParseList(out var end);
        if (end != "end")
            throw new TemplateException($"line {line}: template \"{name}\" has no {{{{end}}}}");
        (_variables, _loops) = (outer, loops);
        _named[name] = body;
    }

    private CallNode ParseCall(string text, int line)
    {
        var name = FirstQuoted(text, line, out var rest);
        return new CallNode(line, name, rest.Length == 0 ? null : ParsePipeline(rest, line));
    }

    private static string FirstQuoted(string text, int line, out string rest)
    {
        text = text.Trim();
        var end = text.Length > 1 && text[0] is '"' or '`' ? text.IndexOf(text[0], 1) : -1;
        if (end < 0)
            throw new TemplateException($"line {line}: a template's name must be a quoted text, is '{text}'");
        rest = text[(end + 1)..].Trim();
        return text[1..end];
    }

    private TemplatePipeline ParsePipeline(string text, int line)
    {
        var reader = new TemplatePipelineReader(new TemplateLexer(text, line).ReadAll(), _variables, text, line);
        return reader.ReadAll();
    }
}
