using System.Diagnostics;
using System.Globalization;
using Observability.Model;
using Observability.Testing;

namespace Observability.Benchmarks;

/// <summary>
/// Memory that topology and state of a large fleet take in the pipeline, and how long it takes to a verdict when ten thousand alerts are one
/// incident. Nodes have eight GPUs and eight adapters, every GPU a rank of a job; one alert in ten nodes fires beside the storm.
/// </summary>
internal static class FleetState
{
    private const int AlertsOfIncident = 10_000;
    private const int NodesPerJob = 2_000;
    private const int BytesPerMegabyte = 1 << 20;

    /// <summary>Measures and prints.</summary>
    /// <param name="nodes">Nodes of the fleet, 2,000 or more.</param>
    public static async Task<int> RunAsync(int nodes)
    {
        var before = Managed();
        var clock = Stopwatch.StartNew();
        (string, int, int)[] jobs = [.. Enumerable.Range(0, nodes / NodesPerJob).Select(i => ($"job-{i}", i * NodesPerJob, NodesPerJob))];
        await using var run = await StormRun.StartAsync(Fleets.Of(nodes, 8, jobs));
        Print("topology", before, clock.Elapsed);

        clock.Restart();
        await run.StepAsync(Enumerable.Range(0, nodes / 10).Select(node => Alert(Fleets.Gpu(node * 10, 0), "GpuThermalThrottle", (FaultClass.ThermalThrottle, AlertLabel.RoleCause))));
        Print($"and {nodes / 10:N0} alerts that fire", before, clock.Elapsed);
        var verdicts = await SlowestSecondAsync(run);
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slowest second after them, {nodes / 10:N0} verdicts at once: {verdicts.TotalMilliseconds:N0} ms"));

        // A GPU falls off the bus and every rank of its job says that it waits.
        clock.Restart();
        await run.StepAsync(Enumerable.Range(0, AlertsOfIncident)
            .Select(i => Alert(new EntityId(EntityKind.Rank, $"job-0/{i}"), "RankWaits", (FaultClass.UserCodeHang, AlertLabel.RoleSymptom)))
            .Prepend(Alert(Fleets.Gpu(5, 5), "GpuVanished", (FaultClass.GpuOffBus, AlertLabel.RoleCause))));
        Print($"and {AlertsOfIncident:N0} alerts of one storm", before, clock.Elapsed);
        var verdict = await SlowestSecondAsync(run);
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slowest second after it, the verdict on it included: {verdict.TotalMilliseconds:N0} ms"));
        return 0;
    }

    private static async Task<TimeSpan> SlowestSecondAsync(StormRun run)
    {
        var slowest = TimeSpan.Zero;
        for (var second = 0; second < 60; second++)
        {
            var began = Stopwatch.GetTimestamp();
            await run.StepAsync([]);
            slowest = Stopwatch.GetElapsedTime(began) is var took && took > slowest ? took : slowest;
        }

        return slowest;
    }

    private static void Print(string what, long before, TimeSpan took) => System.Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: {(Managed() - before) / BytesPerMegabyte:N0} MiB managed, {Environment.WorkingSet / BytesPerMegabyte:N0} MiB resident, {took.TotalSeconds:0.00} s"));

    private static long Managed() => GC.GetTotalMemory(forceFullCollection: true);

    private static Alert Alert(EntityId entity, string name, (string Class, string Role) what) => new()
    {
        Labels = LabelSet.Of(
            (AlertLabel.Name, name), (AlertLabel.FaultClass, what.Class), (AlertLabel.Severity, "warning"), (AlertLabel.Role, what.Role), (AlertLabel.Entity, entity.ToString())),
        State = AlertState.Firing,
        StartsAt = Fleets.Start.AddMinutes(10),
        UpdatedAt = Fleets.Start.AddMinutes(10),
        Origin = AlertOrigin.Rule,
        Entity = entity,
    };
}
