using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Selectors, ranges, subqueries, <c>offset</c> and <c>@</c>.</summary>
internal sealed partial class ExpressionParser
{
    // name{a="b", c=~"d"}, {"utf-8 name", a="b"}
    private VectorSelector ParseSelector(string name, int start)
    {
        var matchers = new List<LabelMatcher>();
        if (TryTake("{"))
            name = ParseMatchers(name, matchers);
        var selector = new VectorSelector(name, matchers, TimeShift.None, new TextSpan(start, PreviousEnd));
        if (name.Length == 0 && matchers.All(matcher => matcher.Matches(LabelSet.Empty)))
            throw new PromQlSyntaxException(start, "vector selector must contain at least one non-empty matcher");
        return selector;
    }

    private string ParseMatchers(string name, List<LabelMatcher> matchers)
    {
        while (!TryTake("}"))
        {
            var token = Current;
            if (token.Kind is not (TokenKind.Identifier or TokenKind.Text))
                throw Unexpected("in label matching, expected identifier or \"}\"");
            _next++;
            if (token.Kind == TokenKind.Text && (Current.Is(",") || Current.Is("}")))
            {
                if (name.Length > 0)
                    throw new PromQlSyntaxException(token.Start, $"metric name must not be set twice: \"{name}\" or \"{token.Text}\"");
                if (!PromQlText.IsValidName(token.Text))
                    throw new PromQlSyntaxException(token.Start, $"invalid metric name {PromQlText.Quote(token.Text)}");
                name = token.Text;
            }
            else
            {
                var matcher = ParseMatcher(token);
                if (matcher is { Name: LabelSet.MetricNameLabel, IsRegex: false, IsEqual: true } && name.Length > 0)
                    throw new PromQlSyntaxException(token.Start, $"metric name must not be set twice: \"{name}\" or \"{matcher.Value}\"");
                matchers.Add(matcher);
            }

            if (!TryTake(",") && !Current.Is("}"))
                throw Unexpected("in label matching, expected \",\" or \"}\"");
        }

        return name;
    }

    private LabelMatcher ParseMatcher(Token label)
    {
        if (label.Kind == TokenKind.Text && !PromQlText.IsValidName(label.Text))
            throw new PromQlSyntaxException(label.Start, $"invalid label name {PromQlText.Quote(label.Text)}");
        var symbol = Current;
        if (symbol.Kind != TokenKind.Symbol || symbol.Text is not ("=" or "!=" or "=~" or "!~"))
            throw Unexpected("in label matching, expected label matching operator");
        _next++;
        var value = Current;
        if (value.Kind != TokenKind.Text)
            throw Unexpected("in label matching, expected string");
        _next++;
        var isRegex = symbol.Text[^1] == '~';
        try
        {
            return new LabelMatcher(label.Text, value.Text, isRegex, symbol.Text[0] != '!');
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new PromQlSyntaxException(value.Start, $"error parsing regexp: {fault.Message}");
        }
    }

    private PromQlExpression ParsePostfix(PromQlExpression expression)
    {
        while (true)
        {
            if (Current.Is("["))
                expression = ParseBrackets(expression);
            else if (Current.IsWord("offset"))
                expression = ParseOffset(expression);
            else if (Current.Is("@"))
                expression = ParseAt(expression);
            else
                return expression;
        }
    }

    private PromQlExpression ParseBrackets(PromQlExpression inner)
    {
        CountLink();
        var bracket = tokens[_next++];
        var length = ParseDuration(positive: true);
        if (TryTake(":"))
        {
            TimeSpan? step = Current.Is("]") ? null : ParseDuration(positive: true);
            Take("]", "in subquery selector");
            return new Subquery(inner, length, step, TimeShift.None, new TextSpan(inner.Span.Start, PreviousEnd));
        }

        Take("]", "in range selector");
        if (inner is not VectorSelector selector)
            throw new PromQlSyntaxException(bracket.Start, "ranges only allowed for vector selectors");
        if (selector.Shift.Offset != TimeSpan.Zero)
            throw new PromQlSyntaxException(bracket.Start, "no offset modifiers allowed before range");
        if (selector.Shift.IsFixed)
            throw new PromQlSyntaxException(bracket.Start, "no @ modifiers allowed before range");
        return new RangeSelector(selector, length, new TextSpan(inner.Span.Start, PreviousEnd));
    }

    private PromQlExpression ParseOffset(PromQlExpression inner)
    {
        var keyword = tokens[_next++];
        var offset = ParseOffsetDuration();
        var shift = ShiftOf(inner, keyword.Start, "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery");
        if (shift.Offset != TimeSpan.Zero)
            throw new PromQlSyntaxException(keyword.Start, "offset may not be set multiple times");
        return WithShift(inner, shift with { Offset = offset });
    }

    private PromQlExpression ParseAt(PromQlExpression inner)
    {
        var keyword = tokens[_next++];
        var shift = ShiftOf(inner, keyword.Start, "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery");
        if (shift.IsFixed)
            throw new PromQlSyntaxException(keyword.Start, "@ <timestamp> may not be set multiple times");
        if (Current.IsWord("start") || Current.IsWord("end"))
        {
            var anchor = Current.IsWord("start") ? AtAnchor.Start : AtAnchor.End;
            _next++;
            Take("(", "in @");
            Take(")", "in @");
            return WithShift(inner, shift with { Anchor = anchor });
        }

        var negative = Current.Is("-");
        if (negative || Current.Is("+"))
            _next++;
        var token = Current;
        if (token.Kind is not (TokenKind.Number or TokenKind.Duration))
            throw Unexpected("in @, expected timestamp");
        _next++;
        var milliseconds = Math.Round(token.Number * 1000 * (negative ? -1 : 1), MidpointRounding.AwayFromZero);
        if (!(Math.Abs(milliseconds) < long.MaxValue / 2))
            throw new PromQlSyntaxException(token.Start, $"timestamp out of bounds for @ modifier: {token.Text}");
        return WithShift(inner, shift with { AtUnixMilliseconds = (long)milliseconds });
    }

    private static TimeShift ShiftOf(PromQlExpression expression, int position, string message) => expression switch
    {
        VectorSelector selector => selector.Shift,
        RangeSelector range => range.Selector.Shift,
        Subquery subquery => subquery.Shift,
        _ => throw new PromQlSyntaxException(position, message),
    };

    private PromQlExpression WithShift(PromQlExpression expression, TimeShift shift)
    {
        var span = new TextSpan(expression.Span.Start, PreviousEnd);
        return expression switch
        {
            VectorSelector selector => selector with { Shift = shift, Span = span },
            RangeSelector range => range with { Selector = range.Selector with { Shift = shift }, Span = span },
            _ => (Subquery)expression with { Shift = shift, Span = span },
        };
    }

    // After offset: one signed duration, or an expression in parentheses. x offset 2 ^ 2 is the square of x.
    private TimeSpan ParseOffsetDuration()
    {
        var start = Current.Start;
        var isNegative = TryTake("-");
        if (!isNegative)
            TryTake("+");
        var seconds = DurationAtom();
        return ToTimeSpan(isNegative ? -seconds : seconds, start, positive: false);
    }

    private TimeSpan ParseDuration(bool positive)
    {
        var start = Current.Start;
        return ToTimeSpan(DurationSum(), start, positive);
    }

    private static TimeSpan ToTimeSpan(double seconds, int position, bool positive)
    {
        if (positive && seconds <= 0)
            throw new PromQlSyntaxException(position, "duration must be greater than 0");
        if (!(Math.Abs(seconds) < 9_223_372_036d))
            throw new PromQlSyntaxException(position, "duration out of range");
        return TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
    }

    // 5m * 2, (1h / 2): arithmetic on durations is on by default since 3.14; it is folded here.
    private double DurationSum()
    {
        var left = DurationProduct();
        while (Current.Is("+") || Current.Is("-"))
        {
            var symbol = tokens[_next++].Text;
            var right = DurationProduct();
            left = symbol == "+" ? left + right : left - right;
        }

        return left;
    }

    private double DurationProduct()
    {
        var left = DurationUnary();
        while (Current.Is("*") || Current.Is("/") || Current.Is("%"))
        {
            var symbol = tokens[_next++];
            var right = DurationUnary();
            if (right == 0 && symbol.Text != "*")
                throw new PromQlSyntaxException(symbol.Start, symbol.Text == "/" ? "division by zero" : "modulo by zero");
            left = symbol.Text switch { "*" => left * right, "/" => left / right, _ => left % right };
        }

        return left;
    }

    private double DurationUnary()
    {
        if (TryTake("-"))
            return -DurationUnary();
        if (TryTake("+"))
            return DurationUnary();
        var value = DurationAtom();
        return TryTake("^") ? Math.Pow(value, DurationUnary()) : value;
    }

    private double DurationAtom()
    {
        if (TryTake("("))
        {
            var inner = DurationSum();
            Take(")", "in duration");
            return inner;
        }

        var token = Current;
        if (token.Kind is not (TokenKind.Number or TokenKind.Duration))
            throw Unexpected("in duration, expected number or duration");
        _next++;
        return token.Number;
    }
}
