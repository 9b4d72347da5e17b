using System.Globalization;
using System.Text;
using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Prints an expression on one line, as Prometheus does; the text parses back to the same expression.</summary>
internal static partial class PromQlPrinter
{
    public static string Print(PromQlExpression expression)
    {
        var text = new StringBuilder();
        Write(text, expression);
        return text.ToString();
    }

    private static void Write(StringBuilder text, PromQlExpression expression)
    {
        switch (expression)
        {
            case Number number:
                text.Append(PromQlText.Number(number.Value));
                break;
            case Text literal:
                text.Append(PromQlText.Quote(literal.Value));
                break;
            case VectorSelector selector:
                WriteSelector(text, selector);
                WriteShift(text, selector.Shift);
                break;
            case RangeSelector range:
                WriteSelector(text, range.Selector);
                text.Append('[').Append(PromQlDuration.Format(range.Length)).Append(']');
                WriteShift(text, range.Selector.Shift);
                break;
            case Subquery subquery:
                Write(text, subquery.Inner);
                WriteWindow(text, subquery);
                break;
            case Call call:
                WriteList(text.Append(call.Function), call.Arguments);
                break;
            case Aggregation aggregation:
                WriteAggregation(text, aggregation);
                break;
            case Binary binary:
                WriteBinary(text, binary);
                break;
            case Unary unary:
                Write(text.Append(unary.Negates ? '-' : '+'), unary.Inner);
                break;
            case Parenthesis parenthesis:
                Write(text.Append('('), parenthesis.Inner);
                text.Append(')');
                break;
        }
    }

    private static void WriteWindow(StringBuilder text, Subquery subquery)
    {
        text.Append('[').Append(PromQlDuration.Format(subquery.Length)).Append(':');
        if (subquery.Step is { } step)
            text.Append(PromQlDuration.Format(step));
        text.Append(']');
        WriteShift(text, subquery.Shift);
    }

    private static void WriteList(StringBuilder text, IReadOnlyList<PromQlExpression> arguments)
    {
        text.Append('(');
        for (var i = 0; i < arguments.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            Write(text, arguments[i]);
        }

        text.Append(')');
    }

    private static void WriteSelector(StringBuilder text, VectorSelector selector)
    {
        var plain = PromQlText.IsLegacyMetricName(selector.Name) && !IsReservedWord(selector.Name);
        var parts = new List<string>();
        if (selector.Name.Length > 0 && !plain)
            parts.Add(PromQlText.Quote(selector.Name));
        foreach (var matcher in selector.Matchers)
            parts.Add(LabelName(matcher.Name) + OperatorOf(matcher) + PromQlText.Quote(matcher.Value));
        if (plain)
            text.Append(selector.Name);
        if (parts.Count > 0)
            text.Append('{').AppendJoin(", ", parts).Append('}');
    }

    // inf and nan read back as numbers, the matching words not at all.
    private static bool IsReservedWord(string name) =>
        name.ToLowerInvariant() is "inf" or "nan" or "bool" or "on" or "ignoring" or "group_left" or "group_right";

    private static string OperatorOf(LabelMatcher matcher) =>
        matcher.IsEqual ? matcher.IsRegex ? "=~" : "=" : matcher.IsRegex ? "!~" : "!=";

    private static string LabelName(string name) => PromQlText.IsLegacyLabelName(name) ? name : PromQlText.Quote(name);

    private static void WriteShift(StringBuilder text, TimeShift shift)
    {
        if (shift.AtUnixMilliseconds is { } at)
            text.Append(CultureInfo.InvariantCulture, $" @ {at / 1000m:0.000}");
        else if (shift.Anchor != AtAnchor.None)
            text.Append(shift.Anchor == AtAnchor.Start ? " @ start()" : " @ end()");
        if (shift.Offset != TimeSpan.Zero)
            text.Append(" offset ").Append(PromQlDuration.Format(shift.Offset));
    }

    private static void WriteAggregation(StringBuilder text, Aggregation aggregation)
    {
        WriteOperator(text, aggregation);
        WriteList(text, aggregation.Parameter is null ? [aggregation.Inner] : [aggregation.Parameter, aggregation.Inner]);
    }

    private static void WriteOperator(StringBuilder text, Aggregation aggregation)
    {
        text.Append(aggregation.Operator);
        var grouping = aggregation.Grouping;
        if (grouping.Without || grouping.Labels.Count > 0)
        {
            text.Append(grouping.Without ? " without " : " by ");
            WriteNames(text, grouping.Labels);
            text.Append(' ');
        }
    }

    private static void WriteNames(StringBuilder text, IReadOnlyList<string> names) =>
        text.Append('(').AppendJoin(", ", names.Select(LabelName)).Append(')');

    private static void WriteBinary(StringBuilder text, Binary binary)
    {
        Write(text, binary.Left);
        text.Append(' ').Append(binary.Operator.Symbol()).Append(binary.ReturnsBool ? " bool " : " ");
        if (binary.Matching is { } matching)
            WriteMatching(text, matching);
        Write(text, binary.Right);
    }

    private static void WriteMatching(StringBuilder text, VectorMatching matching)
    {
        var grouped = matching.Cardinality is MatchCardinality.ManyToOne or MatchCardinality.OneToMany;
        if (!matching.On && matching.Labels.Count == 0 && !grouped)
            return;
        text.Append(matching.On ? "on " : "ignoring ");
        WriteNames(text, matching.Labels);
        text.Append(' ');
        if (!grouped)
            return;
        text.Append(matching.Cardinality == MatchCardinality.ManyToOne ? "group_left " : "group_right ");
        WriteNames(text, matching.Include);
        text.Append(' ');
    }
}
