using System.Collections.Immutable;

namespace Observability.Alerting;

/// <summary>A piece of a parsed template.</summary>
internal abstract record TemplateNode(int Line);

/// <summary>Text that is copied.</summary>
internal sealed record TextNode(int Line, string Text) : TemplateNode(Line);

/// <summary><c>{{ pipeline }}</c>: its value is printed.</summary>
internal sealed record ActionNode(int Line, TemplatePipeline Pipeline) : TemplateNode(Line);

/// <summary><c>{{ if }}</c> or <c>{{ with }}</c> with its branches.</summary>
internal sealed record BranchNode(
    int Line, bool IsWith, TemplatePipeline Condition, ImmutableArray<TemplateNode> Then, ImmutableArray<TemplateNode> Else)
    : TemplateNode(Line);

/// <summary><c>{{ range }}</c> with its body and what stands for an empty range.</summary>
internal sealed record RangeNode(
    int Line, TemplatePipeline Source, ImmutableArray<TemplateNode> Body, ImmutableArray<TemplateNode> Else)
    : TemplateNode(Line);

/// <summary><c>{{ template "name" pipeline }}</c>: prints a named template, for which the pipeline's value is the dot.</summary>
internal sealed record CallNode(int Line, string Name, TemplatePipeline? Argument) : TemplateNode(Line);

/// <summary><c>{{ break }}</c> or <c>{{ continue }}</c>.</summary>
internal sealed record LoopNode(int Line, bool Breaks) : TemplateNode(Line);

/// <summary><c>$x := a | b c</c>: each command gets the value of the one before as its last argument.</summary>
/// <param name="Variables">Names that take the value; a range may have two (index, element).</param>
/// <param name="IsAssignment">True for <c>=</c>, false for <c>:=</c>.</param>
/// <param name="Commands">At least one.</param>
internal sealed record TemplatePipeline(
    ImmutableArray<string> Variables, bool IsAssignment, ImmutableArray<TemplateCommand> Commands);

/// <summary>One command: a function with arguments, or a single operand.</summary>
internal sealed record TemplateCommand(int Line, ImmutableArray<TemplateOperand> Operands);

/// <summary>Something that has a value.</summary>
internal abstract record TemplateOperand
{
    /// <summary>Fields read from the value, in order: <c>$labels.gpu</c>.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];
}

/// <summary>A text, number, boolean or nil.</summary>
internal sealed record LiteralOperand(object? Value) : TemplateOperand;

/// <summary>The dot.</summary>
internal sealed record DotOperand : TemplateOperand;

/// <summary><c>$name</c>; the empty name is <c>$</c>, the root.</summary>
internal sealed record VariableOperand(string Name) : TemplateOperand;

/// <summary>A function's name.</summary>
internal sealed record FunctionOperand(string Name) : TemplateOperand;

/// <summary>A pipeline in brackets.</summary>
internal sealed record PipelineOperand(TemplatePipeline Pipeline) : TemplateOperand;
