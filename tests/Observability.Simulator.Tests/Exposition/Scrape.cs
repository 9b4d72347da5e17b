using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Simulator.Tests;

/// <summary>A slow, obvious reader of exposition text: enough to ask for a value, a name or a label.</summary>
internal sealed partial class Scrape
{
    private Scrape(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                Types[line.Split(' ')[2]] = line.Split(' ')[3];
            else if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                Helps[line.Split(' ')[2]] = line.Split(' ', 4)[3];
            else
                Samples.Add(Read(line));
        }
    }

    public Dictionary<string, string> Types { get; } = [];

    public Dictionary<string, string> Helps { get; } = [];

    public List<(string Name, Dictionary<string, string> Labels, double Value)> Samples { get; } = [];

    public static Scrape Dcgm(SimulatedFleet world, int node) => new(DcgmExporter.Render(world.Fleet.SimNodes[node], world.Fleet));

    public static Scrape Node(SimulatedFleet world, int node) => new(NodeExporter.Render(world.Fleet.SimNodes[node], world.Fleet));

    public static Scrape Of(string text) => new(text);

    /// <summary>Value of a family on the GPU or adapter with an index.</summary>
    public double Value(string name, int index) => Samples.Single(sample => sample.Name == name
        && (sample.Labels.GetValueOrDefault("gpu") == $"{index}" || sample.Labels.GetValueOrDefault("device") == $"mlx5_{index}")).Value;

    /// <summary>Name and labels as one text, value aside: what identifies a series.</summary>
    public IEnumerable<(string Series, double Value)> Series() => Samples.Select(sample =>
        ($"{sample.Name}{{{string.Join(',', sample.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}}}", sample.Value));

    private static (string, Dictionary<string, string>, double) Read(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, line);
        return (match.Groups["name"].Value,
            Label().Matches(match.Groups["labels"].Value).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value),
            double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$")]
    private static partial Regex Line();

    [GeneratedRegex("([a-zA-Z_]\\w*)=\"([^\"]*)\"")]
    private static partial Regex Label();
}
