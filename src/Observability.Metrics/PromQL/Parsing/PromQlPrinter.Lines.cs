using System.Text;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>
/// Prints an expression for reading, as Prometheus does: a part that is too long for a line is split below its operator.
/// <code>
/// sum by (job) (
///   rate(a_long_metric_total{job="x"}[5m])
/// )
/// </code>
/// </summary>
internal static partial class PromQlPrinter
{
    // Prometheus's own width; it counts the part's own text, not its indentation.
    private const int Width = 100;

    public static string PrintLines(PromQlExpression expression)
    {
        var text = new StringBuilder();
        WriteLines(text, expression, 0);
        return text.ToString();
    }

    private static void WriteLines(StringBuilder text, PromQlExpression expression, int level)
    {
        var line = Print(expression);
        if (expression is not (Aggregation or Binary or Call or Parenthesis or Subquery or Unary) || line.Length <= Width)
        {
            Indent(text, level).Append(line);
            return;
        }

        switch (expression)
        {
            case Aggregation aggregation:
                WriteOperator(Indent(text, level), aggregation);
                WriteBrackets(text, aggregation.Parameter is null ? [aggregation.Inner] : [aggregation.Parameter, aggregation.Inner], level);
                break;
            case Call call:
                WriteBrackets(Indent(text, level).Append(call.Function), call.Arguments, level);
                break;
            case Parenthesis parenthesis:
                WriteBrackets(Indent(text, level), [parenthesis.Inner], level);
                break;
            case Subquery subquery:
                WriteLines(text, subquery.Inner, level);
                WriteWindow(text, subquery);
                break;
            case Unary unary:
                var inner = new StringBuilder();
                WriteLines(inner, unary.Inner, level);
                Indent(text, level).Append(unary.Negates ? '-' : '+').Append(inner.ToString().AsSpan().TrimStart());
                break;
            case Binary binary:
                WriteLines(text, binary.Left, level + 1);
                Indent(text.Append('\n'), level).Append(WithoutOperands(binary)).Append('\n');
                WriteLines(text, binary.Right, level + 1);
                break;
        }
    }

    private static string WithoutOperands(Binary binary)
    {
        var text = new StringBuilder();
        text.Append(binary.Operator.Symbol()).Append(binary.ReturnsBool ? " bool " : " ");
        if (binary.Matching is { } matching)
            WriteMatching(text, matching);
        return text.ToString().TrimEnd();
    }

    private static void WriteBrackets(StringBuilder text, IReadOnlyList<PromQlExpression> arguments, int level)
    {
        text.Append("(\n");
        for (var i = 0; i < arguments.Count; i++)
        {
            if (i > 0)
                text.Append(",\n");
            WriteLines(text, arguments[i], level + 1);
        }

        Indent(text.Append('\n'), level).Append(')');
    }

    private static StringBuilder Indent(StringBuilder text, int level) => text.Append(' ', 2 * level);
}
