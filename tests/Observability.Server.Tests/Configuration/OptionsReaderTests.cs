using Observability.Model;

namespace Observability.Server.Tests;

public sealed class OptionsReaderTests
{
    [Fact]
    public void EveryKind_IsRead()
    {
        var (options, findings) = Read(
            ("server.listen", "[::1]:9000"), ("server.api_keys.0", "oncall:0123456789abcdef"), ("server.maximum_body_bytes", "1_000_000"),
            ("collect.interval", "1m30s"), ("collect.timeout", "500ms"), ("collect.training_log_samples", "true"),
            ("collect.targets.0.url", "http://a:1/metrics"), ("collect.targets.0.job", "dcgm"), ("collect.target_urls.0", "http://b/targets"),
            ("metrics.retention", "2w"), ("response.hardware", "act"), ("response.minimum_confidence", "0.75"));

        Assert.Empty(findings);
        Assert.Equal(("[::1]:9000", 1_000_000, "oncall:0123456789abcdef"), (options.Server.Listen, options.Server.MaximumBodyBytes, Assert.Single(options.Server.ApiKeys)));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(500), true), (options.Collect.Interval, options.Collect.Timeout, options.Collect.TrainingLogSamples));
        Assert.Equal(("http://a:1/metrics", "dcgm", "http://b/targets"), (options.Collect.Targets[0].Url, options.Collect.Targets[0].Job, options.Collect.TargetUrls[0]));
        Assert.Equal((TimeSpan.FromDays(14), Strategy.Act, 0.75), (options.Metrics.Retention, options.Response.Hardware, options.Response.MinimumConfidence));
    }

    [Fact]
    public void EveryFault_IsReportedAtOnceWithKeyValueAndPlace()
    {
        var (_, findings) = Read(
            ("server.listne", "x"), ("server.api_keys.0", "short:secret"), ("server.maximum_body_bytes", "12"), ("collect.interval", "soon"),
            ("collect.timeout", "30s"), ("collect.concurrency", "lots"), ("collect.targets.0.url", "ftp://a"), ("collect.targets.1.url", "http://b"),
            ("collect.targets.1.job", "node"), ("collect.targets.1.colour", "red"), ("metrics.remote_url", "victoria:8428"), ("metrics.retention", "5m"),
            ("response.hardware", "yes"), ("response.minimum_confidence", "1.5"), ("notify.channels.0.name", "a"), ("notify.channels.0.kind", "pager"),
            ("notify.channels.0.url", "http://c"));

        Assert.Equal(
            [
                "c.yaml:1: server.listne: unknown key; see observability.example.yaml for the known ones",
                "c.yaml:2: server.api_keys.0: must be name:secret with a secret of at least 16 characters",
                "c.yaml:3: server.maximum_body_bytes: 12 is outside 1024 to 1073741824",
                "c.yaml:4: collect.interval: 'soon' is not a duration such as 10s, 5m or 15d",
                "c.yaml:5: collect.timeout: 30s is longer than collect.interval, 10s",
                "c.yaml:6: collect.concurrency: 'lots' is not a whole number",
                "c.yaml:7: collect.targets.0.url: 'ftp://a' is not an http:// or https:// URL",
                "c.yaml:7: collect.targets.0.job: is required",
                "c.yaml:10: collect.targets.1.colour: unknown key; see observability.example.yaml for the known ones",
                "c.yaml:11: metrics.remote_url: 'victoria:8428' is not an http:// or https:// URL",
                "c.yaml:12: metrics.retention: 5m is outside 1h to 3650d",
                "c.yaml:13: response.hardware: 'yes' is not one of observe, suggest, ask, act",
                "c.yaml:14: response.minimum_confidence: 1.5 is outside 0 to 1",
                "c.yaml:16: notify.channels.0.kind: 'pager' must be webhook, slack or feishu",
            ],
            findings.Select(finding => finding.ToString()));
    }

    [Theory]
    [InlineData("0.0.0.0:7070", "0.0.0.0:7070 is reachable from outside; add server.api_keys first")]
    [InlineData("[::]:7070", "[::]:7070 is reachable from outside; add server.api_keys first")]
    [InlineData("10.1.2.3:80", "10.1.2.3:80 is reachable from outside; add server.api_keys first")]
    [InlineData("7070", "'7070' is not address:port, for example 127.0.0.1:7070")]
    [InlineData("example.com:80", "'example.com:80' is not address:port, for example 127.0.0.1:7070")]
    [InlineData("127.0.0.1:99999", "'127.0.0.1:99999' is not address:port, for example 127.0.0.1:7070")]
    [InlineData("127.0.0.1", "'127.0.0.1' is not address:port, for example 127.0.0.1:7070")]
    public void ListeningOutside_WithoutAKey_IsRefused(string listen, string says) =>
        Assert.Equal([$"c.yaml:1: server.listen: {says}"], Read(("server.listen", listen)).Findings.Select(finding => finding.ToString()));

    [Theory]
    [InlineData("127.0.0.1:7070")]
    [InlineData("127.8.9.1:7070")]
    [InlineData("localhost:7070")]
    [InlineData("[::1]:7070")]
    public void ListeningOnLoopback_NeedsNoKey(string listen) => Assert.Empty(Read(("server.listen", listen)).Findings);

    [Fact]
    public void ListeningOutside_WithAKey_IsFine() =>
        Assert.Empty(Read(("server.listen", "0.0.0.0:7070"), ("server.api_keys.0", "ci:0123456789abcdef")).Findings);

    [Fact]
    public void NothingSaid_ListensOnLoopbackAndOnlyObserves()
    {
        var (options, findings) = Read();

        Assert.Empty(findings);
        Assert.Equal(("127.0.0.1:7070", Strategy.Observe, Strategy.Observe), (options.Server.Listen, options.Response.Hardware, options.Response.Otherwise));
    }

    [Fact]
    public void ALaterValue_ReplacesAnEarlierOne()
    {
        var (options, _) = Read(("server.listen", "127.0.0.1:1"), ("server.listen", "127.0.0.1:2"));

        Assert.Equal("127.0.0.1:2", options.Server.Listen);
    }

    [Fact]
    public void TwoKeysOrChannelsOfOneName_AreRefused()
    {
        var (_, findings) = Read(
            ("server.api_keys.0", "a:0123456789abcdef"), ("server.api_keys.1", "a:0123456789abcdeg"),
            ("notify.channels.0.name", "x"), ("notify.channels.0.kind", "slack"), ("notify.channels.0.url", "http://a"),
            ("notify.channels.1.name", "x"), ("notify.channels.1.kind", "slack"), ("notify.channels.1.url", "http://b"));

        Assert.Equal(
            [
                "c.yaml:2: server.api_keys.1: the name 'a' is taken; the journal tells callers apart by it",
                "c.yaml:6: notify.channels.1.name: 'x' is taken by an earlier channel",
            ],
            findings.Select(finding => finding.ToString()));
    }

    [Fact]
    public void RootCauseModel_ThatCannotBeRead_NamesTheFileAndWhatIsWrong()
    {
        var folder = Directory.CreateTempSubdirectory("model-");
        try
        {
            var (model, calibration) = (Path.Combine(folder.FullName, "m.zip"), Path.Combine(folder.FullName, "m.calibration.json"));
            string Says() => Assert.Single(Read(("incidents.root_cause_model", model)).Findings).ToString();

            Assert.StartsWith($"c.yaml:1: incidents.root_cause_model: {calibration}: Could not find file", Says(), StringComparison.Ordinal);
            File.WriteAllText(calibration, """{"Temperature":1,"NoneScore":-2}""");
            Assert.Contains($"{calibration}: JSON deserialization for type", Says(), StringComparison.Ordinal);
            Assert.Contains("AbstainBelow", Says(), StringComparison.Ordinal);
            File.WriteAllText(calibration, """{"Temperature":1,"NoneScore":-2,"AbstainBelow":0.4}""");
            File.WriteAllText(model, "not a model");
            Assert.StartsWith($"c.yaml:1: incidents.root_cause_model: {model}: ", Says(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (ObservabilityOptions Options, IReadOnlyList<Finding> Findings) Read(params (string Key, string Value)[] keys) =>
        OptionsReader.Read(keys.Select((key, i) => (key.Key, key.Value, new SourceLine("c.yaml", i + 1))));
}
