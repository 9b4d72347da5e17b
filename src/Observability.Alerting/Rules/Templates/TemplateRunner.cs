using System.Collections.Immutable;
using System.Text;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>Walks a parsed template. Values are text, double, long, bool, label sets, samples and lists of them.</summary>
internal sealed class TemplateRunner
{
    // A template's text reaches people; more than this is a mistake in a loop.
    private const int MaxLength = 64 * 1024;

    // A template that calls itself without end is one too.
    private const int MaxDepth = 100;

    private readonly TemplateScope _scope;
    private readonly IReadOnlyDictionary<string, ImmutableArray<TemplateNode>> _named;
    private readonly CancellationToken _cancellationToken;
    private StringBuilder _text;
    private List<(string Name, object? Value)> _variables;
    private LoopNode? _leaving;
    private int _depth;

    public TemplateRunner(
        TemplateScope scope, IReadOnlyDictionary<string, ImmutableArray<TemplateNode>> named, StringBuilder text, CancellationToken cancellationToken)
    {
        _scope = scope;
        _named = named;
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
            if (_leaving is not null)
                return;
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
                    _text.Append(value is null ? "<no value>" : GoFormat.Print(value));
                return;
            case CallNode call:
                await CallAsync(call.Name, call.Argument is null ? null : await EvaluateAsync(call.Argument, dot), call.Line);
                break;
            case LoopNode loop:
                _leaving = loop;
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
            var left = _leaving;
            _leaving = null;
            if (left is { Breaks: true })
                return;
        }
    }

    // A named template sees what it is called with and nothing else.
    private async Task CallAsync(string name, object? argument, int line)
    {
        if (!_named.TryGetValue(name, out var body))
            throw new TemplateException($"line {line}: template \"{name}\" not defined");
        if (_depth >= MaxDepth)
            throw new TemplateException($"line {line}: template \"{name}\" calls itself more than {MaxDepth} times");
        var outer = _variables;
        _variables = [("", argument)];
        _depth++;
        await RunAsync(body, argument);
        _depth--;
        _variables = outer;
    }

    // tmpl "name" data: the text of a named template, to go on in a pipeline.
    private async Task<string> PrintAsync(object?[] arguments, int line)
    {
        if (arguments is not [string name, ..])
            throw new TemplateException($"line {line}: error calling tmpl: want a name and data");
        var outer = _text;
        _text = new StringBuilder();
        await CallAsync(name, arguments.ElementAtOrDefault(1), line);
        (var text, _text) = (_text.ToString(), outer);
        return text;
    }

    private static List<(object Key, object? Item)> Items(object? source, int line) => source switch
    {
        null => [],
        LabelSet labels => [.. labels.Select(pair => ((object)pair.Key, (object?)pair.Value))],
        IReadOnlyDictionary<string, object?> map => [.. map.Select(pair => ((object)pair.Key, pair.Value))],
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
        var first = command.Operands[0];
        if (first is FunctionOperand { Name: "and" or "or" } shortcut)
            return await EvaluateUntilAsync(shortcut.Name == "or", command, dot, piped);
        var arguments = new List<object?>(command.Operands.Length);
        foreach (var operand in command.Operands.Skip(1))
            arguments.Add(await EvaluateAsync(operand, dot, command.Line));
        arguments.AddRange(piped);
        if (first is FunctionOperand function)
        {
            object?[] all = [.. arguments];
            var result = function.Name == "tmpl"
                ? await PrintAsync(all, command.Line)
                : await TemplateFunctions.CallAsync(function.Name, all, _scope, command.Line, _cancellationToken);
            return Read(result, function.Fields, command.Line);
        }

        if (arguments.Count == 0)
            return await EvaluateAsync(first, dot, command.Line);
        if (first.Fields.IsEmpty)
            throw new TemplateException($"line {command.Line}: can't give argument to non-function");
        var receiver = await EvaluateAsync(first with { Fields = first.Fields[..^1] }, dot, command.Line);
        return receiver is TemplateTime time && first.Fields[^1] == "Format" && arguments is [string layout]
            ? time.Format(layout)
            : throw new TemplateException($"line {command.Line}: {first.Fields[^1]} of {GoFormat.Print(receiver)} takes no argument");
    }

    // The rest is not evaluated once the answer is known, so that a condition may guard what follows it.
    private async Task<object?> EvaluateUntilAsync(bool wanted, TemplateCommand command, object? dot, object?[] piped)
    {
        object? value = null;
        foreach (var operand in command.Operands.Skip(1))
        {
            value = await EvaluateAsync(operand, dot, command.Line);
            if (IsTrue(value) == wanted)
                return value;
        }

        if (piped.Length == 0 && command.Operands.Length == 1)
            throw new TemplateException($"line {command.Line}: error calling {((FunctionOperand)command.Operands[0]).Name}: wrong number of args: want at least 1 got 0");
        return piped.Length > 0 ? piped[0] : value;
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
                (IReadOnlyDictionary<string, object?> map, _) => map.GetValueOrDefault(field),
                (TemplateTime time, _) => time.Read(field) ?? throw new TemplateException($"line {line}: can't read field {field} of {time}"),
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
        IReadOnlyDictionary<string, object?> map => map.Count > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        _ => true,
    };
}
