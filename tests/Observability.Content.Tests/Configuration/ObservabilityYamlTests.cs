using Observability.Model;

namespace Observability.Content.Tests;

public sealed class ObservabilityYamlTests
{
    [Fact]
    public void Configuration_WithListsAndMappings_IsFlattenedWithLines()
    {
        var read = ObservabilityYaml.Read(new ContentFile("o.yaml",
            """
            server:
              external_url: http://127.0.0.1:7070
              state:
            collect:
              targets:
                - {url: "http://a", job: dcgm}
                - url: http://b
              empty: []
            base: &b {x: ""}
            again: *b
            """));

        Assert.Equal([], read.Findings);
        Assert.Equal(
            [
                new ConfigurationValue("server:externalurl", "server.external_url", "http://127.0.0.1:7070", new SourceLine("o.yaml", 2)),
                new ConfigurationValue("collect:targets:0:url", "collect.targets[0].url", "http://a", new SourceLine("o.yaml", 6)),
                new ConfigurationValue("collect:targets:0:job", "collect.targets[0].job", "dcgm", new SourceLine("o.yaml", 6)),
                new ConfigurationValue("collect:targets:1:url", "collect.targets[1].url", "http://b", new SourceLine("o.yaml", 7)),
                new ConfigurationValue("base:x", "base.x", "", new SourceLine("o.yaml", 9)),
                new ConfigurationValue("again:x", "again.x", "", new SourceLine("o.yaml", 9)),
            ],
            read.Value);
    }

    [Fact]
    public void Example_OfTheRepository_IsReadWithoutFindings()
    {
        var read = ObservabilityYaml.Read(new ContentFile("e", File.ReadAllText(Path.Combine(Cases.Root, "observability.example.yaml"))));

        Assert.Equal([], read.Findings);
        Assert.Contains(read.Value, value => value.Written == "collect.targets[1].job" && value.Value == "node");
    }
}
