using System.Text.Json;
using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>
/// Writes a parsed query as the tree that <c>parse_query</c> of the Prometheus HTTP API gives and its web interface draws. Times
/// are milliseconds.
/// <code>{"type":"vectorSelector","name":"up","matchers":[{"name":"__name__","value":"up","type":"="}],"offset":0,"timestamp":null,"startOrEnd":null}</code>
/// </summary>
public static class PromQlTree
{
    /// <summary>Writes an expression and what is in it.</summary>
    public static void Write(Utf8JsonWriter writer, PromQlExpression expression)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        switch (expression)
        {
            case Number number:
                writer.WriteString("type", "numberLiteral");
                writer.WriteString("val", PromQlText.Number(number.Value));
                break;
            case Text text:
                writer.WriteString("type", "stringLiteral");
                writer.WriteString("val", text.Value);
                break;
            case VectorSelector selector:
                writer.WriteString("type", "vectorSelector");
                WriteSelector(writer, selector);
                break;
            case RangeSelector range:
                writer.WriteString("type", "matrixSelector");
                writer.WriteNumber("range", Milliseconds(range.Length));
                WriteSelector(writer, range.Selector);
                break;
            case Subquery subquery:
                writer.WriteString("type", "subquery");
                WriteChild(writer, "expr", subquery.Inner);
                writer.WriteNumber("range", Milliseconds(subquery.Length));
                writer.WriteNumber("step", Milliseconds(subquery.Step ?? TimeSpan.Zero));
                WriteShift(writer, subquery.Shift);
                break;
            case Call call:
                WriteCall(writer, call);
                break;
            case Aggregation aggregation:
                WriteAggregation(writer, aggregation);
                break;
            case Binary binary:
                WriteBinary(writer, binary);
                break;
            case Unary unary:
                writer.WriteString("type", "unaryExpr");
                writer.WriteString("op", unary.Negates ? "-" : "+");
                WriteChild(writer, "expr", unary.Inner);
                break;
            case Parenthesis parenthesis:
                writer.WriteString("type", "parenExpr");
                WriteChild(writer, "expr", parenthesis.Inner);
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteSelector(Utf8JsonWriter writer, VectorSelector selector)
    {
        writer.WriteString("name", selector.Name);
        writer.WriteStartArray("matchers");
        foreach (var matcher in selector.AllMatchers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", matcher.Name);
            writer.WriteString("value", matcher.Value);
            writer.WriteString("type", Operator(matcher));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteShift(writer, selector.Shift);
    }

    private static string Operator(LabelMatcher matcher) =>
        matcher.IsEqual ? matcher.IsRegex ? "=~" : "=" : matcher.IsRegex ? "!~" : "!=";

    private static void WriteShift(Utf8JsonWriter writer, TimeShift shift)
    {
        writer.WriteNumber("offset", Milliseconds(shift.Offset));
        if (shift.AtUnixMilliseconds is { } at)
            writer.WriteNumber("timestamp", at);
        else
            writer.WriteNull("timestamp");
        writer.WriteString("startOrEnd", shift.Anchor switch { AtAnchor.Start => "start", AtAnchor.End => "end", _ => null });
    }

    private static void WriteCall(Utf8JsonWriter writer, Call call)
    {
        writer.WriteString("type", "call");
        writer.WriteStartObject("func");
        writer.WriteString("name", call.Function);
        if (FunctionSignatures.Find(call.Function) is { } signature)
        {
            WriteTexts(writer, "argTypes", signature.Arguments.Select(TypeName));
            writer.WriteNumber("variadic", signature.Optional);
        }

        writer.WriteString("returnType", TypeName(call.Type));
        writer.WriteEndObject();
        writer.WriteStartArray("args");
        foreach (var argument in call.Arguments)
            Write(writer, argument);
        writer.WriteEndArray();
    }

    private static void WriteAggregation(Utf8JsonWriter writer, Aggregation aggregation)
    {
        writer.WriteString("type", "aggregation");
        writer.WriteString("op", aggregation.Operator);
        WriteChild(writer, "expr", aggregation.Inner);
        WriteChild(writer, "param", aggregation.Parameter);
        WriteTexts(writer, "grouping", aggregation.Grouping.Labels);
        writer.WriteBoolean("without", aggregation.Grouping.Without);
    }

    private static void WriteBinary(Utf8JsonWriter writer, Binary binary)
    {
        writer.WriteString("type", "binaryExpr");
        writer.WriteString("op", binary.Operator.Symbol());
        WriteChild(writer, "lhs", binary.Left);
        WriteChild(writer, "rhs", binary.Right);
        writer.WriteBoolean("bool", binary.ReturnsBool);
        if (binary.Matching is not { } matching)
        {
            writer.WriteNull("matching");
            return;
        }

        writer.WriteStartObject("matching");
        writer.WriteString("card", matching.Cardinality switch
        {
            MatchCardinality.ManyToOne => "many-to-one",
            MatchCardinality.OneToMany => "one-to-many",
            MatchCardinality.ManyToMany => "many-to-many",
            _ => "one-to-one",
        });
        writer.WriteBoolean("on", matching.On);
        WriteTexts(writer, "labels", matching.Labels);
        WriteTexts(writer, "include", matching.Include);
        writer.WriteEndObject();
    }

    private static void WriteChild(Utf8JsonWriter writer, string name, PromQlExpression? child)
    {
        writer.WritePropertyName(name);
        if (child is null)
            writer.WriteNullValue();
        else
            Write(writer, child);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    private static string TypeName(PromQlType type) => type switch
    {
        PromQlType.Scalar => "scalar",
        PromQlType.Text => "string",
        PromQlType.RangeVector => "matrix",
        _ => "vector",
    };
}
