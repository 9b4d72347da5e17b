using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Observability.Repository.Tests;

/// <summary>The drawing in README.md and the project files say the same.</summary>
public sealed partial class WallTests
{
    [Fact]
    public void Walls_ProjectReferences_AreThoseOfTheTableInReadme()
    {
        var drawn = Drawn();
        var built = Directory.GetDirectories(RepositoryRoot.Of("src"))
            .Select(folder => Path.GetFileName(folder)["Observability.".Length..])
            .ToDictionary(name => name, References);

        Assert.Equal(drawn.Keys.Order(), built.Keys.Order());
        Assert.All(drawn, wall => Assert.Equal(wall.Value, built[wall.Key]));
    }

    [Fact]
    public void Walls_Simulator_IsSeenByServerOnly()
    {
        var readers = Directory.GetDirectories(RepositoryRoot.Of("src"))
            .Select(folder => Path.GetFileName(folder)["Observability.".Length..])
            .Where(name => References(name).Contains("Simulator"));

        Assert.Equal(["Server"], readers);
    }

    private static Dictionary<string, string[]> Drawn()
    {
        var all = new List<string>();
        var drawn = new Dictionary<string, string[]>();
        foreach (Match row in Row().Matches(File.ReadAllText(RepositoryRoot.Of("README.md"))))
        {
            var name = row.Groups["name"].Value;
            var may = row.Groups["may"].Value.Trim();
            drawn[name] = may switch
            {
                "nothing" => [],
                "all" => ["*"],
                _ => [.. may.Split(',', StringSplitOptions.TrimEntries).Order()],
            };
            all.Add(name);
        }

        foreach (var (name, may) in drawn.ToArray())
        {
            if (may is ["*"])
                drawn[name] = [.. all.Where(other => other != name).Order()];
        }

        return drawn;
    }

    private static string[] References(string project) =>
    [
        .. XDocument.Load(RepositoryRoot.Of("src", $"Observability.{project}", $"Observability.{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)["Observability.".Length..])
            .Order(),
    ];

    // | `Alerting` | Everything that raises an alert | Model, Metrics |
    [GeneratedRegex(@"^\| `(?<name>[A-Z]\w+)` \|[^|]*\|(?<may>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
