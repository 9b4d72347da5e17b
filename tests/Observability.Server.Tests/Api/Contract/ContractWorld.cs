using Observability.Content;

namespace Observability.Server.Tests;

/// <summary>A platform with something to say at every endpoint of the Prometheus API: a target with metadata and an exemplar, a firing alert, a recording rule.</summary>
internal sealed class ContractWorld : IAsyncDisposable
{
    private const string Rules = """
        groups:
          - name: first
            interval: 1s
            limit: 7
            rules:
              - {record: "things:sum", expr: "sum by (job) (things)", labels: {team: gpu}}
              - alert: ManyThings
                expr: things > 7
                keep_firing_for: 5m
                labels: {severity: critical, kind_name: "{{ $labels.kind }}"}
                annotations: {summary: "{{ $value }} things of {{ $labels.kind }}"}
          - name: second
            rules:
              - {alert: NoThings, expr: "absent(things)", for: 10m, labels: {severity: warning}}
          - name: third
            rules:
              - {record: "things:max", expr: "max(things)"}
        """;

    // An OpenMetrics page, so that a bucket may have an exemplar.
    private const string Page = """
        # HELP things Things that are there.
        # TYPE things gauge
        things{kind="a"} 7
        things{kind="b"} 8
        # HELP waits_seconds How long things wait.
        # TYPE waits_seconds histogram
        # UNIT waits_seconds seconds
        waits_seconds_bucket{le="1.0"} 3 # {trace_id="abc"} 0.5 1772366400.000
        waits_seconds_bucket{le="+Inf"} 4
        waits_seconds_sum 6
        waits_seconds_count 4
        # EOF

        """;

    private readonly FakeTargets _targets;

    private ContractWorld(World world, FakeTargets targets) => (World, _targets) = (world, targets);

    public World World { get; }

    public string TargetUrl => _targets.Url + "/metrics";

    public static async Task<ContractWorld> StartAsync(Action<ObservabilityOptions>? change = null)
    {
        var targets = await FakeTargets.StartAsync();
        targets.Serve("/metrics", Page, "application/openmetrics-text; version=1.0.0");
        var content = new ContentSet { RuleGroups = RuleFileReader.Read(new ContentFile("things.rules.yaml", Rules)).Value };
        var world = await World.StartAsync(
            options =>
            {
                options.Collect.Targets.Add(new TargetOptions { Url = targets.Url + "/metrics", Job = "test", Node = "node-001" });
                change?.Invoke(options);
            },
            content);
        await world.StepAsync(25);
        return new ContractWorld(world, targets);
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await _targets.DisposeAsync();
    }
}
