using System.Diagnostics;

namespace Observability.Simulator.Tests;

/// <summary>The real kubectl against a test's cluster, with an empty home of its own.</summary>
internal sealed class Kubectl : IDisposable
{
    private const string Binary = "/usr/bin/kubectl";

    private readonly string _home = Directory.CreateTempSubdirectory("kubectl-").FullName;
    private readonly string _server;

    public Kubectl(TestCluster cluster)
    {
        Assert.SkipUnless(File.Exists(Binary), $"{Binary} is not installed");
        _server = cluster.Url;
    }

    /// <summary>Runs it; what it printed, errors after output.</summary>
    public async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Binary) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _home };
        start.Environment.Clear();
        start.Environment["HOME"] = _home;
        start.Environment["KUBECONFIG"] = Path.Combine(_home, "none");
        foreach (var argument in (string[])[.. arguments, "--server", _server])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        return (process.ExitCode, await output + await errors);
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(_home, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
