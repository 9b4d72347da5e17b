using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>A parsed PromQL expression.</summary>
/// <param name="Position">0-based offset of its first character.</param>
public abstract record Expression(int Position)
{
    /// <summary>Type of its value.</summary>
    public abstract PromQlType Type { get; }
}

/// <summary>A number.</summary>
public sealed record NumberLiteral(int Position, double Value) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => PromQlType.Scalar;
}

/// <summary>A text.</summary>
public sealed record TextLiteral(int Position, string Value) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => PromQlType.Text;
}

/// <summary>When a selector looks, relative to the evaluation time.</summary>
/// <param name="Offset">How far back; negative for the future.</param>
/// <param name="At">A fixed time, Unix seconds; null for the evaluation time.</param>
/// <param name="AtEdge"><c>start</c> or <c>end</c> of the query; empty for neither.</param>
public sealed record TimeShift(TimeSpan Offset, double? At = null, string AtEdge = "")
{
    /// <summary>No shift.</summary>
    public static TimeShift None { get; } = new(TimeSpan.Zero);
}

/// <summary>Series by name and labels, one sample each.</summary>
public sealed record VectorSelector(int Position, string Name, ImmutableArray<LabelMatcher> Matchers, TimeShift Shift) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => PromQlType.Vector;
}

/// <summary>Series by name and labels, all samples of a range.</summary>
public sealed record MatrixSelector(int Position, VectorSelector Vector, TimeSpan Range) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => PromQlType.Matrix;
}

/// <summary>An expression evaluated over a range; a zero step means the default one.</summary>
public sealed record Subquery(int Position, Expression Inner, TimeSpan Range, TimeSpan Step, TimeShift Shift) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => PromQlType.Matrix;
}

/// <summary>Plus or minus in front of an expression.</summary>
public sealed record UnaryExpression(int Position, bool Negative, Expression Inner) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => Inner.Type;
}

/// <summary>An expression in parentheses.</summary>
public sealed record ParenExpression(int Position, Expression Inner) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => Inner.Type;
}

/// <summary>How the two sides of an operator find each other.</summary>
/// <param name="On">True for <c>on</c>, false for <c>ignoring</c>.</param>
/// <param name="Labels">The labels of <c>on</c> or <c>ignoring</c>.</param>
/// <param name="Group"><c>left</c>, <c>right</c> or empty.</param>
/// <param name="Include">Labels that <c>group_left</c> or <c>group_right</c> copies from the one side.</param>
public sealed record VectorMatching(bool On, ImmutableArray<string> Labels, string Group, ImmutableArray<string> Include)
{
    /// <summary>All labels, one to one.</summary>
    public static VectorMatching Default { get; } = new(false, [], "", []);
}

/// <summary>Two expressions joined by an operator.</summary>
public sealed record BinaryExpression(int Position, string Operator, Expression Left, Expression Right, bool ReturnBool, VectorMatching? Matching)
    : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type =>
        Left.Type == PromQlType.Scalar && Right.Type == PromQlType.Scalar ? PromQlType.Scalar : PromQlType.Vector;
}

/// <summary>An aggregation over labels.</summary>
public sealed record AggregateExpression(
    int Position, string Operator, Expression Inner, Expression? Parameter, ImmutableArray<string> Grouping, bool Without) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => PromQlType.Vector;
}

/// <summary>A call of a function.</summary>
public sealed record CallExpression(int Position, PromQlFunction Function, ImmutableArray<Expression> Arguments) : Expression(Position)
{
    /// <inheritdoc/>
    public override PromQlType Type => Function.Returns;
}
