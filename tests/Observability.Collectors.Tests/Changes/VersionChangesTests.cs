using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class VersionChangesTests
{
    private readonly World _world = new();
    private readonly VersionChanges _changes;

    public VersionChangesTests() => _changes = new VersionChanges(_world, _world);

    [Fact]
    public void Firmware_ThatChanges_IsToldOncePerThing()
    {
        Append(0, Nic("eth0", "1.0", "24.1"), Nic("eth1", "1.0", "24.1"));
        Append(10, (Nic("eth0", "1.0", "24.1").Labels, StaleMarker.Value), Nic("eth0", "1.1", "24.1"), Nic("eth1", "1.0", "24.1"));
        Append(20, Nic("eth0", "1.1", "24.1"), Nic("eth1", "1.0", "24.1"));
        Append(30, Nic("eth0", "1.0", "25.0"), Nic("eth1", "", ""));

        Assert.Equal(
            ["10 change:firmware eth0 firmware_version 1.0 -> 1.1", "30 change:firmware eth0 firmware_version 1.1 -> 1.0", "30 change:driver eth0 version 24.1 -> 25.0"],
            _world.Events.Select(read => $"{(read.At - World.Start).TotalSeconds} {read.Code} {read.Labels["device"]} {read.Fields["text"]}"));
        Assert.Equal(4, _world.Batches.Count);
    }

    [Fact]
    public void Driver_OnEverySeriesOfANode_IsOneChange()
    {
        Append(0, Gpu("0", "535.1"), Gpu("1", "535.1"));
        Append(10, Gpu("0", "550.2"), Gpu("1", "550.2"));

        var change = Assert.Single(_world.Events);
        Assert.Equal(("change:driver", "{node=\"n0\"}"), (change.Code, change.Labels.ToString()));
    }

    [Fact]
    public void BatchWithoutNewSeries_IsNotLookedAt()
    {
        Append(0, Nic("eth0", "1.0", ""));
        _changes.Append(new SampleBatch("x", World.Start, [Sample(Nic("eth0", "2.0", ""))]) { BringsNewSeries = false });

        Assert.Empty(_world.Events);
        Assert.Equal(2, _world.Batches.Count);
    }

    private void Append(int second, params (LabelSet Labels, double Value)[] samples) =>
        _changes.Append(new SampleBatch("x", World.Start.AddSeconds(second), [.. samples.Select(Sample)]));

    private static SeriesSample Sample((LabelSet Labels, double Value) one) => new(one.Labels, new Sample(0, one.Value));

    private static (LabelSet Labels, double Value) Nic(string device, string firmware, string version) =>
        (LabelSet.Of((LabelSet.MetricNameLabel, "node_ethtool_info"), ("node", "n0"), ("device", device), ("firmware_version", firmware), ("version", version)), 1);

    private static (LabelSet Labels, double Value) Gpu(string gpu, string driver) =>
        (LabelSet.Of((LabelSet.MetricNameLabel, "DCGM_FI_DEV_GPU_TEMP"), ("node", "n0"), ("gpu", gpu), ("DCGM_FI_DRIVER_VERSION", driver)), 40);
}
