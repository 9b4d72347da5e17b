using System.Diagnostics;

namespace Observability.Content.Tests;

/// <summary>promtool as the oracle: each small file is accepted or refused by both. Their PromQL is always fine.</summary>
public sealed class PromtoolTests : IDisposable
{
    private const string Promtool = "/usr/bin/promtool";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("promtool-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("groups:")]
    [InlineData("groups: []")]
    [InlineData("group: []")]
    [InlineData("- a")]
    [InlineData("groups: [{name: a}]")]
    [InlineData("groups: [{name: ''}]")]
    [InlineData("groups: [{name: a}, {name: a}]")]
    [InlineData("groups: [{name: a, interval: 30s, limit: 3}]")]
    [InlineData("groups: [{name: a, interval: 30}]")]
    [InlineData("groups: [{name: a, interval: 0}]")]
    [InlineData("groups: [{name: a, interval: 0s}]")]
    [InlineData("groups: [{name: a, interval: 1m30}]")]
    [InlineData("groups: [{name: a, interval: 30s1m}]")]
    [InlineData("groups: [{name: a, interval: 1d12h}]")]
    [InlineData("groups: [{name: a, interval: 1.5h}]")]
    [InlineData("groups: [{name: a, interval: -1m}]")]
    [InlineData("groups: [{name: a, limit: x}]")]
    [InlineData("groups: [{name: a, colour: red}]")]
    [InlineData("groups: [{name: a, rules: [{record: a:b, expr: up}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: a-b, expr: up}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: 1a, expr: up}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: a, expr: 1}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: a}]}]")]
    [InlineData("groups: [{name: a, rules: [{expr: up}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: a, alert: b, expr: up}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: a, expr: up, for: 1m}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: a, expr: up, for: 0s}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: a, expr: up, annotations: {a: b}}]}]")]
    [InlineData("groups: [{name: a, rules: [{record: a, expr: up, annotations: {}}]}]")]
    [InlineData("groups: [{name: a, rules: [{alert: any name at all, expr: up, for: 1m, keep_firing_for: 5m}]}]")]
    [InlineData("groups: [{name: a, rules: [{alert: b, expr: up, labels: {a: 1, b: true, c: }}]}]")]
    [InlineData("groups: [{name: a, rules: [{alert: b, expr: up, labels: {a-b: x}}]}]")]
    [InlineData("groups: [{name: a, rules: [{alert: b, expr: up, labels: {__name__: x}}]}]")]
    [InlineData("groups: [{name: a, rules: [{alert: b, expr: up, labels: [x]}]}]")]
    [InlineData("groups: [{name: a, rules: [{alert: b, expr: up, annotations: {a.b: x}}]}]")]
    [InlineData("groups: [{name: a, rules: [{alert: b, expr: up, severity: page}]}]")]
    [InlineData("groups: [{name: a, rules: [{alert: b, expr: up}, {alert: b, expr: up}]}]")]
    [InlineData("groups: [{name: a}]\n---\nnot: rules")]
    [InlineData("groups: [{name: a}]\ngroups: []")]
    [InlineData("groups: [{name: a, name: b}]")]
    public async Task RuleFile_IsAcceptedOrRefused_AsPromtoolDoes(string text)
    {
        Assert.SkipUnless(File.Exists(Promtool), $"{Promtool} is not installed (package prometheus)");
        var path = Path.Combine(_folder.FullName, "a.yaml");
        await File.WriteAllTextAsync(path, text);
        var start = new ProcessStartInfo(Promtool, ["check", "rules", "--lint=none", path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var promtool = Process.Start(start)!;
        var output = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();

        var read = RuleFileReader.Read(new ContentFile("a.yaml", text));

        Assert.True(
            read.Findings.IsEmpty == (promtool.ExitCode == 0),
            $"promtool said {promtool.ExitCode}: {output}\nwe said: {string.Join("; ", read.Findings)}");
    }
}
