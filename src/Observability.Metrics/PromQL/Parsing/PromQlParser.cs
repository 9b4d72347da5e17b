using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>Reads PromQL of Prometheus 3.x into expressions, by precedence climbing.</summary>
public sealed class PromQlParser
{
    private static readonly HashSet<string> Aggregators = new(StringComparer.OrdinalIgnoreCase)
    {
        "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile",
    };

    private static readonly string[] Comparisons = ["==", "!=", "<=", "<", ">=", ">"];

    private readonly List<Token> _tokens;
    private int _at;

    private PromQlParser(string text) => _tokens = new Lexer(text).Tokens();

    private Token Current => _tokens[_at];

    /// <summary>Parses and checks types. A failure is a value with line and column.</summary>
    public static ParseOutcome Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var parser = new PromQlParser(text);
            if (parser.Current.Kind == TokenKind.End)
                throw new PromQlSyntaxException(0, "no expression found in input");
            var expression = parser.Expression(0);
            if (parser.Current.Kind != TokenKind.End)
                throw parser.Unexpected("");
            return new ParseOutcome(expression, null);
        }
        catch (PromQlSyntaxException fault)
        {
            var before = text.AsSpan(0, Math.Min(fault.Position, text.Length));
            var line = before.Count('\n') + 1;
            var column = before.Length - before.LastIndexOf('\n');
            return new ParseOutcome(null, string.Create(CultureInfo.InvariantCulture, $"{line}:{column}: parse error: {fault.Message}"));
        }
    }

    private static int Precedence(Token token) => token switch
    {
        { Kind: TokenKind.Identifier } when token.IsWord("or") => 1,
        { Kind: TokenKind.Identifier } when token.IsWord("and") || token.IsWord("unless") => 2,
        { Kind: TokenKind.Symbol } when Comparisons.Contains(token.Text) => 3,
        { Kind: TokenKind.Symbol, Text: "+" or "-" } => 4,
        { Kind: TokenKind.Symbol, Text: "*" or "/" or "%" } => 5,
        { Kind: TokenKind.Identifier } when token.IsWord("atan2") => 5,
        { Kind: TokenKind.Symbol, Text: "^" } => 6,
        _ => 0,
    };

    private Expression Expression(int minimum)
    {
        var left = Unary();
        while (Precedence(Current) is var precedence and > 0 && precedence > minimum)
        {
            var name = Take();
            var symbol = name.Kind == TokenKind.Identifier ? name.Text.ToLowerInvariant() : name.Text;
            var returnBool = TakeWord("bool");
            if (returnBool && !Comparisons.Contains(symbol))
                throw new PromQlSyntaxException(name.Position, "bool modifier can only be used on comparison operators");
            var matching = Matching(symbol, name.Position);
            // ^ binds to the right, everything else to the left.
            var right = Expression(symbol == "^" ? precedence - 1 : precedence);
            left = Check(new BinaryExpression(left.Position, symbol, left, right, returnBool, matching), name.Position);
        }

        return left;
    }

    private Expression Unary()
    {
        if (!Current.Is("+") && !Current.Is("-"))
            return Postfix(Primary());
        var sign = Take();
        // -1^2 is -(1^2): the sign binds weaker than the power, stronger than a product.
        var inner = Expression(5);
        if (inner.Type is not (PromQlType.Scalar or PromQlType.Vector))
            throw new PromQlSyntaxException(sign.Position, $"unary expression only allowed on expressions of type scalar or instant vector, got {Say(inner.Type)}");
        return inner is NumberLiteral number
            ? new NumberLiteral(sign.Position, sign.Text == "-" ? -number.Value : number.Value)
            : new UnaryExpression(sign.Position, sign.Text == "-", inner);
    }

    private Expression Primary()
    {
        var token = Current;
        if (token.Is("("))
        {
            _at++;
            var inner = Expression(0);
            Expect(")", "in parenthesised expression");
            return new ParenExpression(token.Position, inner);
        }

        if (token.Is("{"))
            return Selector(token.Position, "");
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return new NumberLiteral(token.Position, Number(token));
            case TokenKind.Duration:
                _at++;
                return new NumberLiteral(token.Position, PromQlDuration.Parse(token.Text).TotalSeconds);
            case TokenKind.Text:
                _at++;
                return new TextLiteral(token.Position, token.Text);
            case TokenKind.Identifier:
                return Named(token);
            default:
                throw Unexpected("");
        }
    }

    private Expression Named(Token token)
    {
        var next = _tokens[_at + 1];
        if (Aggregators.Contains(token.Text) && (next.Is("(") || next.IsWord("by") || next.IsWord("without")))
            return Aggregation();
        if (next.Is("("))
            return Call();
        if (token.IsWord("inf") || token.IsWord("nan"))
        {
            _at++;
            return new NumberLiteral(token.Position, token.IsWord("inf") ? double.PositiveInfinity : double.NaN);
        }

        if (Precedence(token) > 0 || token.IsWord("by") || token.IsWord("without") || token.IsWord("on") || token.IsWord("ignoring"))
            throw Unexpected("");
        _at++;
        return Selector(token.Position, token.Text);
    }

    private Expression Postfix(Expression expression)
    {
        while (true)
        {
            if (Current.Is("["))
                expression = Range(expression);
            else if (Current.IsWord("offset") || Current.Is("@"))
                expression = Shift(expression);
            else
                return expression;
        }
    }

    private Expression Range(Expression expression)
    {
        var open = Take();
        var range = Duration(positive: true);
        if (Current.Is(":"))
        {
            _at++;
            var step = Current.Is("]") ? TimeSpan.Zero : Duration(positive: true);
            Expect("]", "in subquery");
            if (expression.Type is not (PromQlType.Vector or PromQlType.Scalar))
                throw new PromQlSyntaxException(open.Position, $"subquery is only allowed on instant vector, got {Say(expression.Type)} instead");
            return new Subquery(expression.Position, expression, range, step, TimeShift.None);
        }

        Expect("]", "in range selector");
        if (expression is not VectorSelector vector)
            throw new PromQlSyntaxException(open.Position, "ranges only allowed for vector selectors");
        if (vector.Shift != TimeShift.None)
            throw new PromQlSyntaxException(open.Position, "no offset or @ modifiers allowed before range");
        return new MatrixSelector(expression.Position, vector, range);
    }

    private Expression Shift(Expression expression)
    {
        var token = Take();
        var before = expression switch
        {
            VectorSelector vector => vector.Shift,
            MatrixSelector matrix => matrix.Vector.Shift,
            Subquery subquery => subquery.Shift,
            _ => throw new PromQlSyntaxException(token.Position,
                $"{(token.Is("@") ? "@" : "offset")} modifier must be preceded by an instant vector selector or range vector selector or a subquery"),
        };
        TimeShift after;
        if (token.Is("@"))
        {
            if (before.At is not null || before.AtEdge.Length > 0)
                throw new PromQlSyntaxException(token.Position, "@ <timestamp> may not be set multiple times");
            after = At(before);
        }
        else
        {
            if (before.Offset != TimeSpan.Zero)
                throw new PromQlSyntaxException(token.Position, "offset may not be set multiple times");
            after = before with { Offset = Duration(positive: false) };
        }

        return expression switch
        {
            VectorSelector vector => vector with { Shift = after },
            MatrixSelector matrix => matrix with { Vector = matrix.Vector with { Shift = after } },
            Subquery subquery => subquery with { Shift = after },
            _ => expression,
        };
    }

    private TimeShift At(TimeShift shift)
    {
        if (Current.IsWord("start") || Current.IsWord("end"))
        {
            var edge = Take();
            Expect("(", "in @");
            Expect(")", "in @");
            return shift with { AtEdge = edge.Text.ToLowerInvariant() };
        }

        var negative = Current.Is("-");
        if (negative || Current.Is("+"))
            _at++;
        if (Current.Kind != TokenKind.Number)
            throw Unexpected("in @, expected timestamp");
        var at = Number(Take());
        return shift with { At = negative ? -at : at };
    }

    private TimeSpan Duration(bool positive)
    {
        var negative = !positive && Current.Is("-");
        if (negative || (!positive && Current.Is("+")))
            _at++;
        var token = Take();
        TimeSpan span;
        if (token.Kind == TokenKind.Duration)
            span = PromQlDuration.Parse(token.Text);
        else if (token.Kind == TokenKind.Number)
            span = TimeSpan.FromSeconds(Number(token));
        else
            throw new PromQlSyntaxException(token.Position, $"unexpected {Say(token)}, expected number or duration");
        if (positive && span <= TimeSpan.Zero)
            throw new PromQlSyntaxException(token.Position, "duration must be greater than 0");
        return negative ? -span : span;
    }

    private VectorSelector Selector(int position, string name)
    {
        var matchers = ImmutableArray.CreateBuilder<LabelMatcher>();
        if (Current.Is("{"))
        {
            _at++;
            while (!Current.Is("}"))
            {
                name = Matcher(matchers, name);
                if (Current.Is(","))
                    _at++;
                else if (!Current.Is("}"))
                    throw Unexpected("in label matching, expected \",\" or \"}\"");
            }

            _at++;
        }

        if (name.Length > 0)
            matchers.Insert(0, new LabelMatcher(LabelSet.MetricNameLabel, name));
        if (matchers.All(matcher => matcher.Matches(LabelSet.Empty)))
            throw new PromQlSyntaxException(position, "vector selector must contain at least one non-empty matcher");
        return new VectorSelector(position, name, matchers.ToImmutable(), TimeShift.None);
    }

    // {job="a", "utf8.metric", 'utf8 label'=~"x"}: a quoted text without an operator is the metric's name.
    private string Matcher(ImmutableArray<LabelMatcher>.Builder matchers, string name)
    {
        var label = Take();
        if (label.Kind is not (TokenKind.Identifier or TokenKind.Text))
            throw new PromQlSyntaxException(label.Position, $"unexpected {Say(label)} in label matching, expected identifier or \"}}\"");
        if (label.Kind == TokenKind.Text && (Current.Is(",") || Current.Is("}")))
        {
            return name.Length == 0
                ? label.Text
                : throw new PromQlSyntaxException(label.Position, $"metric name must not be set twice: \"{name}\" or \"{label.Text}\"");
        }

        var symbol = Take();
        if (symbol.Kind != TokenKind.Symbol || symbol.Text is not ("=" or "!=" or "=~" or "!~"))
            throw new PromQlSyntaxException(symbol.Position, $"unexpected {Say(symbol)} in label matching, expected label matching operator");
        var value = Take();
        if (value.Kind != TokenKind.Text)
            throw new PromQlSyntaxException(value.Position, $"unexpected {Say(value)} in label matching, expected string");
        if (label.Text == LabelSet.MetricNameLabel && name.Length > 0)
            throw new PromQlSyntaxException(label.Position, $"metric name must not be set twice: \"{name}\" or \"{value.Text}\"");
        try
        {
            matchers.Add(new LabelMatcher(label.Text, value.Text, symbol.Text is "=~" or "!~", symbol.Text is "=" or "=~"));
        }
        catch (Exception fault) when (fault is RegexParseException or NotSupportedException)
        {
            throw new PromQlSyntaxException(value.Position, $"error parsing regexp: {fault.Message}");
        }

        return name;
    }

    private AggregateExpression Aggregation()
    {
        var token = Take();
        var name = token.Text.ToLowerInvariant();
        var (grouping, without) = Grouping();
        Expect("(", "in aggregation");
        var arguments = Arguments();
        if (grouping is null)
            (grouping, without) = Grouping();
        var wants = name is "topk" or "bottomk" or "quantile" or "count_values" ? 2 : 1;
        if (arguments.Count != wants)
            throw new PromQlSyntaxException(token.Position, $"wrong number of arguments for aggregate expression provided, expected {wants}, got {arguments.Count}");
        if (arguments[^1].Type != PromQlType.Vector)
            throw new PromQlSyntaxException(arguments[^1].Position, $"expected type instant vector in aggregation expression, got {Say(arguments[^1].Type)}");
        if (wants == 2)
            Want(arguments[0], name == "count_values" ? PromQlType.Text : PromQlType.Scalar, "aggregation parameter");
        return new AggregateExpression(token.Position, name, arguments[^1], wants == 2 ? arguments[0] : null, grouping ?? [], without);
    }

    private (ImmutableArray<string>? Labels, bool Without) Grouping()
    {
        if (!Current.IsWord("by") && !Current.IsWord("without"))
            return (null, false);
        var without = Take().IsWord("without");
        return (LabelList("grouping"), without);
    }

    private ImmutableArray<string> LabelList(string where)
    {
        Expect("(", $"in {where}");
        var labels = ImmutableArray.CreateBuilder<string>();
        while (!Current.Is(")"))
        {
            var label = Take();
            if (label.Kind is not (TokenKind.Identifier or TokenKind.Text))
                throw new PromQlSyntaxException(label.Position, $"unexpected {Say(label)} in {where} opts, expected label");
            labels.Add(label.Text);
            if (Current.Is(","))
                _at++;
            else if (!Current.Is(")"))
                throw Unexpected($"in {where} opts, expected \",\" or \")\"");
        }

        _at++;
        return labels.ToImmutable();
    }

    private CallExpression Call()
    {
        var token = Take();
        var function = PromQlFunction.Find(token.Text)
            ?? throw new PromQlSyntaxException(token.Position, $"unknown function with name \"{token.Text}\"");
        _at++;
        var arguments = Arguments();
        var most = function.Arguments.Length;
        var least = function.Optional < 0 ? most - 1 : most - function.Optional;
        if (arguments.Count < least || (function.Optional >= 0 && arguments.Count > most))
        {
            var bound = least == most ? $"{most}" : arguments.Count < least ? $"at least {least}" : $"at most {most}";
            throw new PromQlSyntaxException(token.Position, $"expected {bound} argument(s) in call to \"{function.Name}\", got {arguments.Count}");
        }

        for (var i = 0; i < arguments.Count; i++)
            Want(arguments[i], function.Arguments[Math.Min(i, most - 1)], $"call to function \"{function.Name}\"");
        return new CallExpression(token.Position, function, [.. arguments]);
    }

    private List<Expression> Arguments()
    {
        var arguments = new List<Expression>();
        while (!Current.Is(")"))
        {
            arguments.Add(Expression(0));
            if (Current.Is(","))
                _at++;
            else if (!Current.Is(")"))
                throw Unexpected("in argument list, expected \",\" or \")\"");
        }

        _at++;
        return arguments;
    }

    private VectorMatching? Matching(string symbol, int position)
    {
        if (!Current.IsWord("on") && !Current.IsWord("ignoring"))
            return null;
        var on = Take().IsWord("on");
        var labels = LabelList("grouping");
        if (!Current.IsWord("group_left") && !Current.IsWord("group_right"))
            return new VectorMatching(on, labels, "", []);
        if (symbol is "and" or "or" or "unless")
            throw new PromQlSyntaxException(position, $"no grouping allowed for \"{symbol}\" operation");
        var group = Take().IsWord("group_left") ? "left" : "right";
        var include = Current.Is("(") ? LabelList("grouping") : [];
        foreach (var label in include)
        {
            if (on && labels.Contains(label))
                throw new PromQlSyntaxException(position, $"label \"{label}\" must not occur in ON and GROUP clause at once");
        }

        return new VectorMatching(on, labels, group, include);
    }

    private static BinaryExpression Check(BinaryExpression expression, int position)
    {
        var (left, right) = (expression.Left.Type, expression.Right.Type);
        if (left is not (PromQlType.Scalar or PromQlType.Vector) || right is not (PromQlType.Scalar or PromQlType.Vector))
            throw new PromQlSyntaxException(position, "binary expression must contain only scalar and instant vector types");
        var bothVectors = left == PromQlType.Vector && right == PromQlType.Vector;
        if (!bothVectors && expression.Matching is not null)
            throw new PromQlSyntaxException(position, "vector matching only allowed between instant vectors");
        if (!bothVectors && expression.Operator is "and" or "or" or "unless")
            throw new PromQlSyntaxException(position, $"set operator \"{expression.Operator}\" not allowed in binary scalar expression");
        if (left == PromQlType.Scalar && right == PromQlType.Scalar && Comparisons.Contains(expression.Operator) && !expression.ReturnBool)
            throw new PromQlSyntaxException(position, "comparisons between scalars must use BOOL modifier");
        return expression;
    }

    private static void Want(Expression expression, PromQlType type, string where)
    {
        if (expression.Type != type)
            throw new PromQlSyntaxException(expression.Position, $"expected type {Say(type)} in {where}, got {Say(expression.Type)}");
    }

    private static string Say(PromQlType type) => type switch
    {
        PromQlType.Vector => "instant vector",
        PromQlType.Matrix => "range vector",
        PromQlType.Text => "string",
        _ => "scalar",
    };

    private static string Say(Token token) => token.Kind switch
    {
        TokenKind.End => "end of input",
        TokenKind.Identifier => $"identifier \"{token.Text}\"",
        TokenKind.Number => $"number \"{token.Text}\"",
        TokenKind.Duration => $"duration \"{token.Text}\"",
        TokenKind.Text => $"string \"{token.Text}\"",
        _ => $"\"{token.Text}\"",
    };

    private static double Number(Token token)
    {
        var text = token.Text.Replace("_", "", StringComparison.Ordinal);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex))
        {
            return hex;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new PromQlSyntaxException(token.Position, $"bad number or duration syntax: \"{token.Text}\"");
    }

    private Token Take() => _tokens[_at].Kind == TokenKind.End ? throw Unexpected("") : _tokens[_at++];

    private bool TakeWord(string word)
    {
        if (!Current.IsWord(word))
            return false;
        _at++;
        return true;
    }

    private void Expect(string symbol, string where)
    {
        if (!Current.Is(symbol))
            throw Unexpected($"{where}, expected \"{symbol}\"");
        _at++;
    }

    private PromQlSyntaxException Unexpected(string where) =>
        new(Current.Position, $"unexpected {Say(Current)}{(where.Length > 0 ? " " + where : "")}");
}
