using YamlDotNet.RepresentationModel;

namespace Observability.Repository.Tests;

/// <summary>What can be said of compose.yaml without an engine: every name it uses is declared, and nothing is open to the network.</summary>
public sealed class ComposeTests
{
    private static readonly string[] Wanted = ["observability", "victoria-metrics", "postgres", "elasticsearch", "grafana", "otel-collector"];

    [Fact]
    public void Services_AreThePlatformAndWhatItNeeds() =>
        Assert.Equal(Wanted.Order(), Keys(Read(), "services").Order());

    [Fact]
    public void Names_OfServicesVolumesAndConfigs_AreDeclared()
    {
        var file = Read();
        var missing = new List<string>();
        foreach (var (name, service) in Children(file, "services"))
        {
            missing.AddRange(Texts(service, "depends_on").Except(Keys(file, "services")).Select(other => $"{name}: service {other}"));
            missing.AddRange(Texts(service, "volumes").Select(volume => volume.Split(':')[0])
                .Where(volume => volume[0] != '.').Except(Keys(file, "volumes")).Select(volume => $"{name}: volume {volume}"));
            missing.AddRange(Items(service, "configs").Select(config => ((YamlMappingNode)config)["source"].ToString())
                .Except(Keys(file, "configs")).Select(config => $"{name}: config {config}"));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void MountedPaths_Exist()
    {
        // The operator's own file is copied from the example, as the head of the file says.
        var paths = Children(Read(), "services").SelectMany(service => Texts(service.Value, "volumes")).Select(volume => volume.Split(':')[0])
            .Where(path => path.StartsWith("./", StringComparison.Ordinal) && path != "./observability.yaml");

        Assert.All(paths, path => Assert.True(Path.Exists(RepositoryRoot.Of(path)), path));
    }

    [Fact]
    public void Ports_ArePublishedOnLoopbackOnly() => Assert.All(
        Children(Read(), "services").SelectMany(service => Texts(service.Value, "ports")),
        port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));

    [Fact]
    public void EmbeddedConfigs_AreYaml()
    {
        foreach (var (name, config) in Children(Read(), "configs"))
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(config["content"].ToString()));
            Assert.True(stream.Documents[0].RootNode is YamlMappingNode { Children.Count: > 0 }, name);
        }
    }

    private static YamlMappingNode Read()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(RepositoryRoot.Of("compose.yaml"))));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<KeyValuePair<string, YamlMappingNode>> Children(YamlMappingNode node, string key) =>
        ((YamlMappingNode)node[key]).Children.Select(child => KeyValuePair.Create(child.Key.ToString(), (YamlMappingNode)child.Value));

    private static IEnumerable<string> Keys(YamlMappingNode node, string key) => ((YamlMappingNode)node[key]).Children.Keys.Select(child => child.ToString());

    private static IEnumerable<YamlNode> Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var items) ? ((YamlSequenceNode)items).Children : [];

    private static IEnumerable<string> Texts(YamlMappingNode node, string key) => Items(node, key).Select(item => item.ToString());
}
