using System.Collections.Immutable;
using System.Text;

namespace Observability.Alerting;

/// <summary>A parsed template of a rule's label or annotation.</summary>
internal sealed class Template
{
    private readonly ImmutableArray<TemplateNode> _nodes;
    private readonly IReadOnlyDictionary<string, ImmutableArray<TemplateNode>> _named;

    private Template(string source)
    {
        Source = source;
        (_nodes, _named) = TemplateParser.Parse(source);
    }

    /// <summary>The text as written.</summary>
    public string Source { get; }

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">With line and cause.</exception>
    public static Template Parse(string source) => new(source);

    /// <summary>The text for one element of a rule's result.</summary>
    /// <exception cref="TemplateException">With line and cause.</exception>
    public ValueTask<string> ExpandAsync(TemplateScope scope, CancellationToken cancellationToken)
    {
        if (_nodes.IsEmpty)
            return new("");
        if (_nodes is [TextNode only])
            return new(only.Text);
        return new(RunAsync(scope, cancellationToken));
    }

    private async Task<string> RunAsync(TemplateScope scope, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var runner = new TemplateRunner(scope, _named, text, cancellationToken);
        await runner.RunAsync(_nodes, scope);
        return text.ToString();
    }
}
