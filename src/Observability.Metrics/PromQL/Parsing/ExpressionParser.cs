using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Operator-precedence parser over the tokens of one query: operators, calls and aggregations.</summary>
internal sealed partial class ExpressionParser(string query, List<Token> tokens, bool experimental)
{
    // Deep enough for any written query; a generated one must not overflow the stack.
    private const int MaxDepth = 200;
    private const int MaxLinks = 500;

    private int _next;
    private int _depth;
    private int _links;

    private Token Current => tokens[_next];

    public PromQlExpression ParseQuery()
    {
        if (Current.Kind == TokenKind.End)
            throw new PromQlSyntaxException(query.Length, "no expression found in input");
        var expression = ParseExpression(0);
        if (Current.Kind != TokenKind.End)
            throw Unexpected("");
        return expression;
    }

    private PromQlExpression ParseExpression(int weakest)
    {
        if (++_depth > MaxDepth)
            throw new PromQlSyntaxException(Current.Start, $"query nests deeper than {MaxDepth} levels");
        var left = ParseUnary();
        while (TryPeekOperator(out var found) && found.Precedence() >= weakest)
        {
            _next++;
            left = ParseBinaryRest(left, found, found.Precedence());
        }

        _depth--;
        return left;
    }

    // a + a + a … and a[5m:][5m:] … nest to the left without recursion here, but not in what walks the tree later.
    private void CountLink()
    {
        if (++_links > MaxLinks)
            throw new PromQlSyntaxException(Current.Start, $"query chains more than {MaxLinks} operators and modifiers");
    }

    private bool TryPeekOperator(out BinaryOperator found)
    {
        found = default;
        return Current.Kind is TokenKind.Symbol or TokenKind.Identifier && BinaryOperators.TryFind(Current.Text, out found);
    }

    private Binary ParseBinaryRest(PromQlExpression left, BinaryOperator found, int precedence)
    {
        CountLink();
        var returnsBool = TryTakeWord("bool");
        var matching = ParseMatching(found);
        var right = ParseExpression(found == BinaryOperator.Power ? precedence : precedence + 1);
        var bothVectors = left.Type == PromQlType.InstantVector && right.Type == PromQlType.InstantVector;
        var explicitMatching = matching.On || matching.Labels.Count > 0 || matching.Cardinality is not (MatchCardinality.OneToOne or MatchCardinality.ManyToMany);
        if (!bothVectors && explicitMatching)
            throw new PromQlSyntaxException(left.Span.Start, "vector matching only allowed between instant vectors");
        return new Binary(found, left, right, new TextSpan(left.Span.Start, right.Span.End))
        {
            ReturnsBool = returnsBool,
            Matching = bothVectors ? matching : null,
        };
    }

    private VectorMatching ParseMatching(BinaryOperator found)
    {
        var cardinality = found.IsSet() ? MatchCardinality.ManyToMany : MatchCardinality.OneToOne;
        var on = Current.IsWord("on");
        if (!on && !Current.IsWord("ignoring"))
        {
            if (Current.IsWord("group_left") || Current.IsWord("group_right"))
                throw Unexpected("in binary expression: group_left and group_right follow on(...) or ignoring(...)");
            return new VectorMatching(cardinality, false, [], []);
        }

        _next++;
        var labels = ParseLabelNames("grouping opts");
        if (!Current.IsWord("group_left") && !Current.IsWord("group_right"))
            return new VectorMatching(cardinality, on, labels, []);
        var position = Current.Start;
        cardinality = Current.IsWord("group_left") ? MatchCardinality.ManyToOne : MatchCardinality.OneToMany;
        _next++;
        IReadOnlyList<string> include = Current.Is("(") ? ParseLabelNames("grouping opts") : [];
        if (found.IsSet())
            throw new PromQlSyntaxException(position, $"no grouping allowed for \"{found.Symbol()}\" operation");
        if (on && include.FirstOrDefault(labels.Contains) is { } twice)
            throw new PromQlSyntaxException(position, $"label \"{twice}\" must not occur in ON and GROUP clause at once");
        return new VectorMatching(cardinality, on, labels, include);
    }

    private PromQlExpression ParseUnary()
    {
        if (!Current.Is("-") && !Current.Is("+"))
            return ParsePostfix(ParsePrimary());
        var sign = tokens[_next++];
        var inner = ParseExpression(BinaryOperators.PowerPrecedence);
        var span = new TextSpan(sign.Start, inner.Span.End);
        if (inner is Number number)
            return number with { Value = sign.Text == "-" ? -number.Value : number.Value, Span = span };
        if (inner.Type is not (PromQlType.Scalar or PromQlType.InstantVector))
        {
            throw new PromQlSyntaxException(sign.Start,
                $"unary expression only allowed on expressions of type scalar or instant vector, got {TypeChecker.Describe(inner.Type)}");
        }

        return new Unary(sign.Text == "-", inner, span);
    }

    private PromQlExpression ParsePrimary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration:
                _next++;
                return new Number(token.Number, new TextSpan(token.Start, token.End));
            case TokenKind.Text:
                _next++;
                return new Text(token.Text, new TextSpan(token.Start, token.End));
            case TokenKind.Identifier:
                return ParseNamed(token);
            case TokenKind.Symbol when token.Text == "{":
                return ParseSelector("", token.Start);
            case TokenKind.Symbol when token.Text == "(":
                _next++;
                var inner = ParseExpression(0);
                Take(")", "in parenthesised expression");
                return new Parenthesis(inner, new TextSpan(token.Start, PreviousEnd));
            default:
                throw Unexpected("");
        }
    }

    private PromQlExpression ParseNamed(Token token)
    {
        var following = tokens[_next + 1];
        var isCall = following.Is("(");
        var isAggregation = isCall || following.IsWord("by") || following.IsWord("without");
        if (isAggregation && !experimental && Aggregators.IsExperimental(token.Text))
            throw new PromQlSyntaxException(token.Start, $"{token.Text}() is experimental and is not enabled");
        if (isAggregation && Aggregators.Has(token.Text))
            return ParseAggregation(token);
        if (isCall)
            return ParseCall(token);
        if (token.Text.ToLowerInvariant() is "bool" or "on" or "ignoring" or "group_left" or "group_right")
            throw Unexpected("");
        _next++;
        return ParseSelector(token.Text, token.Start);
    }

    private Call ParseCall(Token token)
    {
        var signature = FunctionSignatures.Find(token.Text);
        if (signature is null)
            throw new PromQlSyntaxException(token.Start, $"unknown function with name \"{token.Text}\"");
        if (!experimental && FunctionSignatures.IsExperimental(token.Text))
            throw new PromQlSyntaxException(token.Start, $"function \"{token.Text}\" is experimental and is not enabled");

        _next++;
        var arguments = ParseArguments();
        return new Call(signature.Name, arguments, new TextSpan(token.Start, PreviousEnd));
    }

    private List<PromQlExpression> ParseArguments()
    {
        Take("(", "in call");
        var arguments = new List<PromQlExpression>();
        if (TryTake(")"))
            return arguments;
        while (true)
        {
            arguments.Add(ParseExpression(0));
            if (TryTake(")"))
                return arguments;
            Take(",", "in call");
            if (Current.Is(")"))
                throw new PromQlSyntaxException(Current.Start, "trailing commas not allowed in function call args");
        }
    }

    private Aggregation ParseAggregation(Token token)
    {
        _next++;
        var name = token.Text.ToLowerInvariant();
        var grouping = TryParseGrouping();
        var arguments = ParseArguments();
        if (grouping is null)
            grouping = TryParseGrouping();
        var span = new TextSpan(token.Start, PreviousEnd);
        var wanted = Aggregators.ParameterOf(name) is null ? 1 : 2;
        if (arguments.Count == 0)
            throw new PromQlSyntaxException(token.Start, "no arguments for aggregate expression provided");
        if (arguments.Count != wanted)
            throw new PromQlSyntaxException(token.Start, $"wrong number of arguments for aggregate expression provided, expected {wanted}, got {arguments.Count}");
        return new Aggregation(name, wanted == 2 ? arguments[0] : null, arguments[^1], grouping ?? new GroupingClause(false, []), span);
    }

    private GroupingClause? TryParseGrouping()
    {
        var without = Current.IsWord("without");
        if (!without && !Current.IsWord("by"))
            return null;
        _next++;
        return new GroupingClause(without, ParseLabelNames("grouping opts"));
    }

    private List<string> ParseLabelNames(string context)
    {
        Take("(", "in " + context);
        var names = new List<string>();
        while (!TryTake(")"))
        {
            var token = Current;
            if (token.Kind is not (TokenKind.Identifier or TokenKind.Text) && !IsNumberWord(token))
                throw Unexpected($"in {context}, expected label");
            if (token.Kind == TokenKind.Text ? !PromQlText.IsValidName(token.Text) : !PromQlText.IsLegacyLabelName(token.Text))
                throw new PromQlSyntaxException(token.Start, $"invalid label name for grouping: {PromQlText.Quote(token.Text)}");
            names.Add(token.Text);
            _next++;
            if (!TryTake(",") && !Current.Is(")"))
                throw Unexpected($"in {context}, expected \",\" or \")\"");
        }

        return names;
    }

    // A label may be called inf or nan.
    private static bool IsNumberWord(Token token) => token.Kind == TokenKind.Number && char.IsAsciiLetter(token.Text[0]);

    private int PreviousEnd => tokens[_next - 1].End;

    private bool TryTake(string symbol)
    {
        if (!Current.Is(symbol))
            return false;
        _next++;
        return true;
    }

    private bool TryTakeWord(string word)
    {
        if (!Current.IsWord(word))
            return false;
        _next++;
        return true;
    }

    private void Take(string symbol, string context)
    {
        if (!TryTake(symbol))
            throw Unexpected($"{context}, expected \"{symbol}\"");
    }

    private PromQlSyntaxException Unexpected(string context) =>
        new(Current.Start, context.Length == 0 ? $"unexpected {Current.Describe()}" : $"unexpected {Current.Describe()} {context}");
}
