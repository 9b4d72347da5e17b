using System.Collections.Immutable;
using System.Text;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>Walks a parsed template. Values are text, double, long, bool, label sets, samples and lists of them.</summary>
internal sealed class TemplateRunner
{
    // A template's text reaches people; more than this is a mistake in a loop.
    private const int MaxLength = 64 * 1024;

    private readonly TemplateScope _scope;
    private readonly StringBuilder _text;
    private readonly CancellationToken _cancellationToken;
    private readonly List<(string Name, object? Value)> _variables;

    public TemplateRunner(TemplateScope scope, StringBuilder text, CancellationToken cancellationToken)
    {
        _scope = scope;
        _text = text;
        _cancellationToken = cancellationToken;
        _variables =
        [
            ("", scope), ("labels", scope.Labels), ("value", scope.Value),
            ("externalLabels", scope.ExternalLabels), ("externalURL", scope.ExternalUrl),
        ];
    }

    public async Task RunAsync(ImmutableArray<TemplateNode> nodes, object? dot)
    {
        foreach (var node in nodes)
        {
            await RunAsync(node, dot);
            if (_text.Length > MaxLength)
                throw new TemplateException($"line {node.Line}: the text is longer than {MaxLength} characters; shorten the template");
        }
    }

    private async Task RunAsync(TemplateNode node, object? dot)
    {
        var scopeStart = _variables.Count;
        switch (node)
        {
            case TextNode text:
                _text.Append(text.Text);
                return;
            case ActionNode action:
                var value = await EvaluateAsync(action.Pipeline, dot);
                if (action.Pipeline.Variables.IsEmpty)
                    _text.Append(GoFormat.Print(value));
                return;
            case BranchNode branch:
                var condition = await EvaluateAsync(branch.Condition, dot);
                if (IsTrue(condition))
                    await RunAsync(branch.Then, branch.IsWith ? condition : dot);
                else
                    await RunAsync(branch.Else, dot);
                break;
            case RangeNode range:
                await RunRangeAsync(range, dot);
                break;
        }

        _variables.RemoveRange(scopeStart, _variables.Count - scopeStart);
    }

    private async Task RunRangeAsync(RangeNode range, object? dot)
    {
        var source = await EvaluateAsync(range.Source with { Variables = [] }, dot);
        var items = Items(source, range.Line);
        if (items.Count == 0)
        {
            await RunAsync(range.Else, dot);
            return;
        }

        foreach (var (key, item) in items)
        {
            var start = _variables.Count;
            if (range.Source.Variables is [var only])
            {
                _variables.Add((only, item));
            }
            else if (range.Source.Variables is [var first, var second])
            {
                _variables.Add((first, key));
                _variables.Add((second, item));
            }

            await RunAsync(range.Body, item);
            _variables.RemoveRange(start, _variables.Count - start);
        }
    }

    private static List<(object Key, object? Item)> Items(object? source, int line) => source switch
    {
        null => [],
        LabelSet labels => [.. labels.Select(pair => ((object)pair.Key, (object?)pair.Value))],
        IReadOnlyList<object?> list => [.. list.Select((item, index) => ((object)(long)index, item))],
        _ => throw new TemplateException($"line {line}: range can't iterate over {GoFormat.Print(source)}"),
    };

    private async Task<object?> EvaluateAsync(TemplatePipeline pipeline, object? dot)
    {
        object? value = null;
        for (var i = 0; i < pipeline.Commands.Length; i++)
            value = await EvaluateAsync(pipeline.Commands[i], dot, i > 0 ? [value] : []);
        foreach (var name in pipeline.Variables)
            Set(name, value, pipeline.IsAssignment);
        return value;
    }

    private void Set(string name, object? value, bool isAssignment)
    {
        var at = isAssignment ? _variables.FindLastIndex(variable => variable.Name == name) : -1;
        if (at >= 0)
            _variables[at] = (name, value);
        else
            _variables.Add((name, value));
    }

    private async Task<object?> EvaluateAsync(TemplateCommand command, object? dot, object?[] piped)
    {
        if (command.Operands[0] is FunctionOperand function)
        {
            var arguments = new List<object?>(command.Operands.Length);
            foreach (var operand in command.Operands.Skip(1))
                arguments.Add(await EvaluateAsync(operand, dot, command.Line));
            arguments.AddRange(piped);
            var result = await TemplateFunctions.CallAsync(function.Name, [.. arguments], _scope, command.Line, _cancellationToken);
            return Read(result, function.Fields, command.Line);
        }

        return piped.Length == 0
            ? await EvaluateAsync(command.Operands[0], dot, command.Line)
            : throw new TemplateException($"line {command.Line}: can't give argument to non-function");
    }

    private async Task<object?> EvaluateAsync(TemplateOperand operand, object? dot, int line)
    {
        var value = operand switch
        {
            LiteralOperand literal => literal.Value,
            DotOperand => dot,
            VariableOperand variable => _variables.FindLast(item => item.Name == variable.Name).Value,
            PipelineOperand nested => await EvaluateAsync(nested.Pipeline, dot),
            FunctionOperand function => await TemplateFunctions.CallAsync(function.Name, [], _scope, line, _cancellationToken),
            _ => null,
        };
        return Read(value, operand.Fields, line);
    }

    private static object? Read(object? value, ImmutableArray<string> fields, int line)
    {
        foreach (var field in fields)
        {
            value = (value, field) switch
            {
                (LabelSet labels, _) => labels[field],
                (TemplateScope scope, "Labels") => scope.Labels,
                (TemplateScope scope, "Value") => scope.Value,
                (TemplateScope scope, "ExternalLabels") => scope.ExternalLabels,
                (TemplateScope scope, "ExternalURL") => scope.ExternalUrl,
                (TemplateSample sample, "Labels") => sample.Labels,
                (TemplateSample sample, "Value") => sample.Value,
                _ => throw new TemplateException($"line {line}: can't read field {field} of {GoFormat.Print(value)}"),
            };
        }

        return value;
    }

    internal static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        double number => number != 0,
        long number => number != 0,
        LabelSet labels => labels.Count > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        _ => true,
    };
}
