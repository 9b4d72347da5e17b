using Observability.Model;

namespace Observability.Content.Tests;

public sealed class SignalFileReaderTests
{
    [Fact]
    public void Signals_OfTheRepository_AreReadWithoutFindings()
    {
        var path = Path.Combine(Testing.SharedData.RepositoryRoot(), "rules", "signals.yaml");

        var read = SignalFileReader.Read(new ContentFile(path, File.ReadAllText(path)));

        Assert.Empty(read.Findings);
        Assert.Contains(read.Value, signal => signal.Name == "gpu.temperature" && signal.Expressions.Select(pair => pair.Key).SequenceEqual(["nvidia", "amd", "ascend"]));
    }

    [Fact]
    public void Faults_AreReportedTogether()
    {
        var read = SignalFileReader.Read(new ContentFile("s.yaml",
            """
            signals:
              - {name: a, unit: u, meaning: m, expressions: {x: up}}
              - {name: a, unit: u, meaning: m, expressions: {x: up}}
              - {name: b, unit: u, meaning: m, colour: red}
            """));

        Assert.Equal(["a"], read.Value.Select(signal => signal.Name));
        Assert.Equal(3, read.Findings.Length);
        Assert.Equal([new SourceLine("s.yaml", 3), new SourceLine("s.yaml", 4), new SourceLine("s.yaml", 4)], read.Findings.Select(finding => finding.At));
    }
}
