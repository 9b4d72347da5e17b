using System.Diagnostics;

namespace Observability.Simulator.Tests;

/// <summary>Prometheus's own tool reads what the exporters answer.</summary>
public sealed class PromtoolTests
{
    private const string Promtool = "/usr/bin/promtool";

    [Fact]
    public async Task CheckMetrics_NodeExporter_HasNothingToSay()
    {
        var world = new SimulatedFleet().After(30);

        var (code, text) = await CheckAsync(NodeExporter.Render(world.Fleet.SimNodes[0], world.Fleet));

        // The mixed-case name and the unit are node_exporter's own.
        var ours = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("node_memory_MemAvailable_bytes ", StringComparison.Ordinal) && !line.StartsWith("node_ethtool_received_corrected_bits_phy ", StringComparison.Ordinal));
        Assert.Empty(ours);
        Assert.InRange(code, 0, 3);
    }

    [Fact]
    public async Task CheckMetrics_DcgmExporter_ParsesAndOnlyNamesAreCriticised()
    {
        var world = new SimulatedFleet().After(30);
        world.Inject(Model.FaultClass.ThermalThrottle, world.Gpu(0, 0).Id);
        world.After(5);

        var (code, text) = await CheckAsync(DcgmExporter.Render(world.Fleet.SimNodes[0], world.Fleet));

        // The exporter's names are what they are: upper case, units left out. 1 would be text that does not parse.
        Assert.NotEqual(1, code);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("DCGM_", line, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Text)> CheckAsync(string metrics)
    {
        Assert.SkipUnless(File.Exists(Promtool), $"{Promtool} is missing; install Debian's package prometheus");
        using var process = Process.Start(new ProcessStartInfo(Promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(metrics);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
