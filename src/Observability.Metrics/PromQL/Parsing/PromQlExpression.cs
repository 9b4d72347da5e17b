using Observability.Model;

namespace Observability.Metrics;

/// <summary>A node of a parsed query. <see cref="ToString"/> prints the query as Prometheus does.</summary>
/// <param name="Span">Where it stands in the text.</param>
public abstract record PromQlExpression(TextSpan Span)
{
    /// <summary>What it evaluates to.</summary>
    public abstract PromQlType Type { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => PromQlPrinter.Print(this);

    /// <summary>The query over several lines where one would be longer than 100 characters, indented by two spaces a level, as <c>format_query</c> gives it.</summary>
    public string ToLines() => PromQlPrinter.PrintLines(this);

    /// <summary>The expressions directly inside, from left to right.</summary>
    internal IEnumerable<PromQlExpression> Children => this switch
    {
        RangeSelector range => [range.Selector],
        Subquery subquery => [subquery.Inner],
        Call call => call.Arguments,
        Aggregation { Parameter: { } parameter } aggregation => [aggregation.Inner, parameter],
        Aggregation aggregation => [aggregation.Inner],
        Binary binary => [binary.Left, binary.Right],
        Unary unary => [unary.Inner],
        Parenthesis parenthesis => [parenthesis.Inner],
        _ => [],
    };

    /// <summary>The expression inside any parentheses.</summary>
    internal PromQlExpression Unwrapped => this is Parenthesis inner ? inner.Inner.Unwrapped : this;

    /// <summary>A number, a duration in seconds included.</summary>
    public sealed record Number(double Value, TextSpan Span) : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => PromQlType.Scalar;
    }

    /// <summary>A text.</summary>
    public sealed record Text(string Value, TextSpan Span) : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => PromQlType.Text;
    }

    /// <summary>A selector; <paramref name="Name"/> is the metric name as written, empty where only matchers say it.</summary>
    public sealed record VectorSelector(
        string Name, IReadOnlyList<LabelMatcher> Matchers, TimeShift Shift, TextSpan Span) : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => PromQlType.InstantVector;

        /// <summary>The matchers with the metric name as one of them.</summary>
        public IReadOnlyList<LabelMatcher> AllMatchers =>
            Name.Length == 0 ? Matchers : [new LabelMatcher(LabelSet.MetricNameLabel, Name), .. Matchers];

        /// <summary>The one metric it selects; null where it names none, or a pattern.</summary>
        public string? MetricName =>
            AllMatchers.FirstOrDefault(matcher => matcher is { Name: LabelSet.MetricNameLabel, IsRegex: false, IsEqual: true })?.Value;
    }

    /// <summary><c>selector[length]</c>; the modifiers are those of the selector.</summary>
    public sealed record RangeSelector(VectorSelector Selector, TimeSpan Length, TextSpan Span) : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => PromQlType.RangeVector;
    }

    /// <summary><c>inner[length:step]</c>; a null step means the engine's default.</summary>
    public sealed record Subquery(
        PromQlExpression Inner, TimeSpan Length, TimeSpan? Step, TimeShift Shift, TextSpan Span) : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => PromQlType.RangeVector;
    }

    /// <summary>A function call.</summary>
    public sealed record Call(string Function, IReadOnlyList<PromQlExpression> Arguments, TextSpan Span)
        : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => FunctionSignatures.Find(Function)?.Returns ?? PromQlType.InstantVector;
    }

    /// <summary>An aggregation; <paramref name="Parameter"/> is the k, φ or label name where the operator has one.</summary>
    public sealed record Aggregation(
        string Operator, PromQlExpression? Parameter, PromQlExpression Inner, GroupingClause Grouping, TextSpan Span)
        : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => PromQlType.InstantVector;
    }

    /// <summary><c>by (labels)</c> or <c>without (labels)</c>.</summary>
    public sealed record GroupingClause(bool Without, IReadOnlyList<string> Labels);

    /// <summary>Two operands and an operator.</summary>
    public sealed record Binary(BinaryOperator Operator, PromQlExpression Left, PromQlExpression Right, TextSpan Span)
        : PromQlExpression(Span)
    {
        /// <summary>True with the <c>bool</c> modifier.</summary>
        public bool ReturnsBool { get; init; }

        /// <summary>How series match; null unless both sides are vectors.</summary>
        public VectorMatching? Matching { get; init; }

        /// <inheritdoc/>
        public override PromQlType Type =>
            Left.Type == PromQlType.Scalar && Right.Type == PromQlType.Scalar ? PromQlType.Scalar : PromQlType.InstantVector;
    }

    /// <summary><c>-inner</c> or <c>+inner</c>.</summary>
    public sealed record Unary(bool Negates, PromQlExpression Inner, TextSpan Span) : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => Inner.Type;
    }

    /// <summary><c>(inner)</c></summary>
    public sealed record Parenthesis(PromQlExpression Inner, TextSpan Span) : PromQlExpression(Span)
    {
        /// <inheritdoc/>
        public override PromQlType Type => Inner.Type;
    }
}
