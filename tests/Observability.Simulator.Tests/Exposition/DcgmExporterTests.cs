namespace Observability.Simulator.Tests;

public sealed class DcgmExporterTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet().After(30);

    [Fact]
    public void Labels_OfABusyGpu_AreThoseOfTheCapturedH100sInTheirOrder()
    {
        var captured = File.ReadLines(Captures.File("dcgm_exporter", "h100x8-aicr.prom")).First(line => line.Contains("pod=", StringComparison.Ordinal));
        var ours = DcgmExporter.Render(_world.Fleet.SimNodes[0], _world.Fleet).Split('\n').First(line => line.StartsWith("DCGM_FI_DEV_GPU_TEMP{", StringComparison.Ordinal));

        Assert.Equal(Names(captured), Names(ours));
    }

    [Fact]
    public void Labels_OfAnIdleGpu_NameNoPod()
    {
        var idle = Scrape.Dcgm(_world, 15).Samples.First(sample => sample.Name == "DCGM_FI_DEV_GPU_TEMP").Labels;

        Assert.Equal(["gpu", "UUID", "pci_bus_id", "device", "modelName", "Hostname", "DCGM_FI_DRIVER_VERSION"], idle.Keys);
        Assert.Equal(("0", "nvidia0", "00000000:1A:00.0", "node-015"), (idle["gpu"], idle["device"], idle["pci_bus_id"], idle["Hostname"]));
    }

    [Fact]
    public void Families_DefaultCounters_AreAllThereWithTypeAndHelp()
    {
        var ours = Scrape.Dcgm(_world, 0);
        var wanted = Counters("default-counters.csv").Where(counter => counter.Type is "gauge" or "counter" && !counter.Off).ToArray();

        Assert.Equal(25, wanted.Length);
        Assert.All(wanted, counter => Assert.Equal(
            (counter.Name, counter.Type, counter.Help),
            (counter.Name, ours.Types.GetValueOrDefault(counter.Name, "absent"), ours.Helps.GetValueOrDefault(counter.Name, "absent"))));
    }

    [Fact]
    public void Families_AllDcgmNames_AreFieldsThatDcgmKnows()
    {
        var known = File.ReadAllText(Captures.File("dcgm_fields", "dcgm-4.6.0-field-ids.csv"));

        Assert.All(Scrape.Dcgm(_world, 0).Types.Keys.Where(name => !name.StartsWith("DCGM_EXP_", StringComparison.Ordinal)), name => Assert.Contains(name, known, StringComparison.Ordinal));
    }

    [Fact]
    public void Families_Scrape_HasEightSeriesOfEachFieldAndNoSeriesTwice()
    {
        var scrape = Scrape.Dcgm(_world, 0);

        Assert.All(scrape.Types.Keys.Where(name => name.StartsWith("DCGM_FI_", StringComparison.Ordinal)), name => Assert.Equal(8, scrape.Samples.Count(sample => sample.Name == name)));
        Assert.Equal(scrape.Samples.Count, scrape.Series().Select(one => one.Series).Distinct().Count());
    }

    [Theory]
    [InlineData(0, "No Error")]
    [InlineData(79, "GPU has fallen off the bus")]
    [InlineData(149, "Unknown Error")]
    public void XidGauge_CarriesItsCodeAndMessageAsLabels(int code, string message)
    {
        _world.Gpu(0, 1).LastXid = code;

        var sample = Scrape.Dcgm(_world, 0).Samples.Single(sample => sample.Name == "DCGM_FI_DEV_XID_ERRORS" && sample.Labels["gpu"] == "1");

        Assert.Equal((code, $"{code}", message), (sample.Value, sample.Labels["err_code"], sample.Labels["err_msg"]));
    }

    [Fact]
    public void Framebuffer_FreeUsedAndReserved_AddUpOnBusyAndIdleGpus()
    {
        double Total(int node) => new[] { "FREE", "USED", "RESERVED" }.Sum(part => Scrape.Dcgm(_world, node).Value($"DCGM_FI_DEV_FB_{part}", 0));

        Assert.Equal((81_559, 81_559), (Total(0), Total(15)));
    }

    private static IEnumerable<string> Names(string line) => System.Text.RegularExpressions.Regex.Matches(line, "([A-Za-z_]+)=\"").Select(match => match.Groups[1].Value);

    // DCGM_FI_DEV_SM_CLOCK,  gauge, SM clock frequency (in MHz).
    private static IEnumerable<(string Name, string Type, string Help, bool Off)> Counters(string file) =>
        File.ReadLines(Captures.File("dcgm_exporter", file)).Where(line => line.Contains("DCGM_", StringComparison.Ordinal) && line.Count(c => c == ',') >= 2)
            .Select(line => (Off: line.StartsWith('#'), Parts: line.TrimStart('#', ' ').Split(',', 3, StringSplitOptions.TrimEntries)))
            .Select(line => (line.Parts[0], line.Parts[1], line.Parts[2], line.Off));
}
