using System.Text;

namespace Observability.Simulator;

/// <summary>A metric family of an exporter, its text ready to be copied.</summary>
internal class ExpositionFamily
{
    public ExpositionFamily(string name, string type, string help)
    {
        (Name, Type) = (name, type);
        Header = Encoding.UTF8.GetBytes($"# HELP {name} {help}\n# TYPE {name} {type}\n");
        NameText = Encoding.UTF8.GetBytes(name);
    }

    public string Name { get; }

    public string Type { get; }

    /// <summary>HELP and TYPE lines.</summary>
    public byte[] Header { get; }

    /// <summary>The name as UTF-8.</summary>
    public byte[] NameText { get; }

    /// <summary>How far a value may stray from the last one that was written before a compact recording writes it again; 0 for any change.</summary>
    public double Deadband { get; init; }

    /// <summary>False for what no rule, detector, signal or dashboard reads: a compact recording leaves it out.</summary>
    public bool Matters { get; init; } = true;
}
