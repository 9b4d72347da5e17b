using System.Globalization;
using System.Text;

namespace Observability.Simulator;

/// <summary>Writes Prometheus text format 0.0.4.</summary>
internal sealed class ExpositionWriter
{
    private readonly StringBuilder _text = new(64 * 1024);

    /// <summary>Begins a metric family.</summary>
    public void Family(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    /// <summary>Writes a sample; labels are written as they are, without braces.</summary>
    public void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    public override string ToString() => _text.ToString();
}
