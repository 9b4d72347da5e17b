using System.Collections.Immutable;
using System.Globalization;

namespace Observability.Alerting;

/// <summary>
/// Parses the part of Go's text/template that rule files use: actions, pipelines, variables, <c>if</c>, <c>else if</c>,
/// <c>with</c>, <c>range</c>, comments and the trim markers <c>{{-</c> and <c>-}}</c>.
/// </summary>
internal sealed class TemplateParser
{
    private readonly List<(bool IsAction, string Text, int Line)> _parts;
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal) { "", "labels", "value", "externalLabels", "externalURL" };
    private int _part;

    private TemplateParser(string text) => _parts = Split(text);

    public static ImmutableArray<TemplateNode> Parse(string text)
    {
        var parser = new TemplateParser(text);
        var nodes = parser.ParseList(out var end);
        return end.Length == 0
            ? nodes
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
                case "define" or "template" or "block" or "break" or "continue":
                    throw new TemplateException($"line {line}: {{{{{word}}}}} is not supported in rule templates");
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
        var body = ParseList(out var end);
        return new RangeNode(line, pipeline, body, ParseElse("range", end, line));
    }

    private TemplatePipeline ParsePipeline(string text, int line)
    {
        var reader = new PipelineReader(new TemplateLexer(text, line).ReadAll(), _variables, text, line);
        return reader.ReadAll();
    }

    private sealed class PipelineReader(List<TemplateToken> tokens, HashSet<string> variables, string text, int line)
    {
        private int _at;

        private TemplateToken Now => tokens[_at];

        public TemplatePipeline ReadAll()
        {
            var pipeline = Read();
            return Now.Kind == TemplateTokenKind.End ? pipeline : throw Unexpected();
        }

        private TemplatePipeline Read()
        {
            var (names, isAssignment) = ReadDeclaration();
            var commands = ImmutableArray.CreateBuilder<TemplateCommand>();
            do
                commands.Add(ReadCommand());
            while (TryTake(TemplateTokenKind.Pipe));
            foreach (var name in names)
            {
                if (isAssignment && !variables.Contains(name))
                    throw new TemplateException($"line {line}: undefined variable ${name}");
                variables.Add(name);
            }

            return new TemplatePipeline(names, isAssignment, commands.ToImmutable());
        }

        private (ImmutableArray<string> Names, bool IsAssignment) ReadDeclaration()
        {
            var length = 1;
            if (Now.Kind == TemplateTokenKind.Variable && Kind(1) == TemplateTokenKind.Comma && Kind(2) == TemplateTokenKind.Variable)
                length = 3;
            var isDeclaration = Kind(length) == TemplateTokenKind.Declare;
            if (Now.Kind != TemplateTokenKind.Variable || (!isDeclaration && Kind(length) != TemplateTokenKind.Assign))
                return ([], false);
            ImmutableArray<string> names = length == 1 ? [Now.Text] : [Now.Text, tokens[_at + 2].Text];
            _at += length + 1;
            return (names, !isDeclaration);
        }

        private TemplateTokenKind Kind(int offset) =>
            _at + offset < tokens.Count ? tokens[_at + offset].Kind : TemplateTokenKind.End;

        private TemplateCommand ReadCommand()
        {
            var operands = ImmutableArray.CreateBuilder<TemplateOperand>();
            while (Now.Kind is not (TemplateTokenKind.End or TemplateTokenKind.Pipe or TemplateTokenKind.Close))
                operands.Add(ReadOperand());
            if (operands.Count == 0)
                throw new TemplateException($"line {line}: missing value in {{{{{text.Trim()}}}}}");
            if (operands.Count > 1 && operands[0] is not FunctionOperand)
                throw new TemplateException($"line {line}: can't give argument to non-function in {{{{{text.Trim()}}}}}");
            return new TemplateCommand(line, operands.ToImmutable());
        }

        private TemplateOperand ReadOperand()
        {
            var token = tokens[_at++];
            TemplateOperand operand = token.Kind switch
            {
                TemplateTokenKind.Text => new LiteralOperand(token.Text),
                TemplateTokenKind.Number => new LiteralOperand(ReadNumber(token.Text)),
                TemplateTokenKind.Dot => new DotOperand(),
                TemplateTokenKind.Field => new DotOperand { Fields = [token.Text] },
                TemplateTokenKind.Variable => ReadVariable(token.Text),
                TemplateTokenKind.Word => ReadWord(token.Text),
                TemplateTokenKind.Open => ReadBrackets(),
                _ => throw Unexpected(token),
            };
            while (Now.Kind == TemplateTokenKind.Field && !Now.Spaced)
            {
                operand = operand with { Fields = operand.Fields.Add(Now.Text) };
                _at++;
            }

            return operand;
        }

        private VariableOperand ReadVariable(string name) => variables.Contains(name)
            ? new VariableOperand(name)
            : throw new TemplateException($"line {line}: undefined variable ${name}");

        private TemplateOperand ReadWord(string word) => word switch
        {
            "true" => new LiteralOperand(true),
            "false" => new LiteralOperand(false),
            "nil" => new LiteralOperand(null),
            _ when TemplateFunctions.IsKnown(word) => new FunctionOperand(word),
            _ => throw new TemplateException($"line {line}: function \"{word}\" not defined"),
        };

        private PipelineOperand ReadBrackets()
        {
            var pipeline = Read();
            return TryTake(TemplateTokenKind.Close)
                ? new PipelineOperand(pipeline)
                : throw new TemplateException($"line {line}: unclosed left parenthesis in {{{{{text.Trim()}}}}}");
        }

        private object ReadNumber(string number)
        {
            if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
                return whole;
            return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                ? real
                : throw new TemplateException($"line {line}: bad number \"{number}\"");
        }

        private bool TryTake(TemplateTokenKind kind)
        {
            if (Now.Kind != kind)
                return false;
            _at++;
            return true;
        }

        private TemplateException Unexpected(TemplateToken? token = null) =>
            new($"line {line}: unexpected \"{(token ?? Now).Text}\" in {{{{{text.Trim()}}}}}");
    }
}
