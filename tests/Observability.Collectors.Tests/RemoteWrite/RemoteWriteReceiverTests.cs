using Observability.Model;
using static Observability.Testing.RemoteWriteBody;

namespace Observability.Collectors.Tests;

public sealed class RemoteWriteReceiverTests
{
    private static readonly long Now = World.Start.ToUnixTimeMilliseconds();

    private readonly Taken _sink = new();
    private readonly World _world = new();

    private RemoteWriteReceiver Receiver(RemoteWriteOptions? options = null) => new(_sink, options ?? new RemoteWriteOptions(), _world.Outside);

    [Fact]
    public void Receive_V1_TakesSamplesExemplarsAndMetadata()
    {
        var body = V1(
            SeriesV1([("__name__", "up"), ("job", "a")], [(Now, 1), (Now + 1, StaleMarker.Value)], ExemplarV1("trace_id", "abc", Now, 0.5)),
            MetadataV1(1, "http_requests_total", "Requests.", "requests"));

        var outcome = Receiver().Receive(body, RemoteWriteProtocol.V1);

        Assert.Equal(new RemoteWriteOutcome(204, 2, 0, 1, ""), outcome);
        var batch = Assert.Single(_sink.Batches);
        Assert.Equal(["up{job=\"a\"} 1", "up{job=\"a\"} stale"], World.Show(batch));
        Assert.Equal([Now, Now + 1], batch.Samples.Select(sample => sample.Sample.UnixMilliseconds));
        Assert.Equal([new MetricMetadata("http_requests_total", "counter", "Requests.", "requests")], batch.Metadata);
        Assert.Equal([new SeriesExemplar(batch.Samples[0].Labels, LabelSet.Of(("trace_id", "abc")), new Sample(Now, 0.5))], batch.Exemplars);
    }

    [Fact]
    public void Receive_V2_FollowsReferencesAndNamesTheFamilyOfAHistogram()
    {
        string[] symbols = ["", "__name__", "wait_seconds_bucket", "le", "0.5", "How long.", "seconds", "trace_id", "abc"];
        var body = V2(symbols, SeriesV2([1, 2, 3, 4], [(Now, 7)], ExemplarV2([7, 8], Now, 0.25), MetadataV2(3, 5, 6)));

        var outcome = Receiver().Receive(body, RemoteWriteProtocol.V2);

        Assert.Equal(new RemoteWriteOutcome(204, 1, 0, 1, ""), outcome);
        var batch = Assert.Single(_sink.Batches);
        Assert.Equal(["wait_seconds_bucket{le=\"0.5\"} 7"], World.Show(batch));
        Assert.Equal([new MetricMetadata("wait_seconds", "histogram", "How long.", "seconds")], batch.Metadata);
        Assert.Equal("{trace_id=\"abc\"}", Assert.Single(batch.Exemplars).Labels.ToString());
    }

    [Fact]
    public void Receive_WithBadSeries_StoresTheOthersAndSaysWhichAndWhy()
    {
        var body = V1(
            SeriesV1([("job", "nameless")], [(Now, 1)]),
            SeriesV1([("__name__", "twice"), ("a", "1"), ("a", "2")], [(Now, 1)]),
            SeriesV1([("z", "1"), ("__name__", "unsorted"), ("empty", "")], [(Now, 3)]),
            SeriesV1([("__name__", "ahead")], [(Now + 3_600_000, 1)]),
            SeriesV1([("__name__", "native")], [], Histogram(4)),
            SeriesV1([("__name__", "refused")], [(Now, 1)]),
            SeriesV1([("__name__", "good")], [(Now, 1)]));

        var outcome = Receiver().Receive(body, RemoteWriteProtocol.V1);

        Assert.Equal((400, 2, 0), (outcome.Status, outcome.Samples, outcome.Histograms));
        Assert.Equal(
            $$"""
            5 refused, 2 samples stored
            {job="nameless"}: the label __name__ is missing
            twice{a="2"}: label a appears twice
            ahead{}: the time {{Now + 3_600_000}} ms is too far ahead of this server's clock; set the sender's clock
            native{}: native histograms are not stored; send classic buckets (scrape_native_histograms: false, or always_scrape_classic_histograms: true, at the sender)
            refused{} 1 at 2026-03-01T12:00:00.000Z: out of order: the newest stored sample is of 2026-03-01T12:00:01.000Z
            """,
            outcome.Message);
        Assert.Equal(["unsorted{z=\"1\"} 3", "refused{} 1", "good{} 1"], World.Show(Assert.Single(_sink.Batches)));
    }

    [Theory]
    [InlineData(new uint[] { 1, 2, 3 }, "3 label references are not pairs")]
    [InlineData(new uint[] { 1, 2, 3, 9 }, "label reference 9 is not below 4, the number of symbols")]
    [InlineData(new uint[] { 1, 2, 0, 2 }, "a label with the value 'm' has no name")]
    public void Receive_V2WithBadReferences_RefusesThatSeriesOnly(uint[] references, string reason)
    {
        var body = V2(["", "__name__", "m", "a"], SeriesV2(references, [(Now, 1)]), SeriesV2([1, 2], [(Now, 2)]));

        var outcome = Receiver().Receive(body, RemoteWriteProtocol.V2);

        Assert.Equal((400, 1), (outcome.Status, outcome.Samples));
        Assert.Contains(reason, outcome.Message, StringComparison.Ordinal);
        Assert.Equal(["m{} 2"], World.Show(Assert.Single(_sink.Batches)));
    }

    [Fact]
    public void Receive_V2WithoutSamples_IsNot204()
    {
        var outcome = Receiver().Receive(V2(["", "__name__", "m"], SeriesV2([1, 2], [])), RemoteWriteProtocol.V2);
        Assert.Equal(new RemoteWriteOutcome(400, 0, 0, 0, "1 refused, 0 samples stored\nm{}: the series has neither samples nor histograms"), outcome);
    }

    [Fact]
    public void Receive_V2WhoseFirstSymbolIsNotEmpty_IsRefusedWhole()
    {
        var outcome = Receiver().Receive(V2(["x", "__name__", "m"], SeriesV2([1, 2], [(Now, 1)])), RemoteWriteProtocol.V2);
        Assert.Equal((400, "symbols[0] is not the empty string"), (outcome.Status, outcome.Message));
        Assert.Empty(_sink.Batches);
    }

    [Fact]
    public void Receive_LabelsBeyondTheirLimits_AreRefusedByNameAndLimit()
    {
        var receiver = Receiver(new RemoteWriteOptions { LabelLimit = 2, LabelNameLimitBytes = 8, LabelValueLimitBytes = 5 });
        var outcome = receiver.Receive(
            V1(
                SeriesV1([("__name__", "many"), ("a", "1"), ("b", "2")], [(Now, 1)]),
                SeriesV1([("__name__", "name"), ("long_name", "1")], [(Now, 1)]),
                SeriesV1([("__name__", "value"), ("a", "longer")], [(Now, 1)])),
            RemoteWriteProtocol.V1);
        Assert.Equal(
            """
            3 refused, 0 samples stored
            many{a="1", b="2"}: 3 labels are more than 2
            name{}: the label name 'long_name' is longer than 8 bytes
            value{}: the value of label a is longer than 5 bytes
            """,
            outcome.Message);
    }

    [Fact]
    public void Receive_ABodyThatClaimsToBeHuge_Is413BeforeItIsUnpacked()
    {
        var outcome = Receiver(new RemoteWriteOptions { BodyLimitBytes = 1_000 }).Receive(Snappy(new byte[1_001]), RemoteWriteProtocol.V1);
        Assert.Equal(413, outcome.Status);
        Assert.StartsWith("the decompressed body of 1001 bytes is larger than 1000 bytes", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Receive_EveryCutAndFlippedByte_IsRefusedOrReadButNeverThrows()
    {
        var whole = V2(
            ["", "__name__", "m", "a", "b"],
            SeriesV2([1, 2, 3, 4], [(Now, 1), (Now + 1, 2)], ExemplarV2([3, 4], Now, 1), MetadataV2(1, 3, 4)),
            SeriesV2([1, 2], [(Now, 1)], Histogram(3)));
        var statuses = new HashSet<int>();
        for (var i = 0; i < whole.Length; i++)
        {
            statuses.Add(Receiver().Receive(whole.AsMemory(0, i), RemoteWriteProtocol.V2).Status);
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])whole.Clone();
                changed[i] ^= (byte)(1 << bit);
                statuses.Add(Receiver(new RemoteWriteOptions { BodyLimitBytes = 100_000 }).Receive(changed, RemoteWriteProtocol.V2).Status);
                statuses.Add(Receiver(new RemoteWriteOptions { BodyLimitBytes = 100_000 }).Receive(changed, RemoteWriteProtocol.V1).Status);
            }
        }

        Assert.Subset(new HashSet<int> { 204, 400, 413 }, statuses);
        Assert.Contains(400, statuses);
    }

    // Refuses what is named so, as a store with a newer sample does.
    private sealed class Taken : IReportingSink
    {
        public List<SampleBatch> Batches { get; } = [];

        public AppendReport Take(SampleBatch batch)
        {
            Batches.Add(batch);
            var refused = batch.Samples.Where(sample => sample.Labels.MetricName == "refused")
                .Select(sample => new RefusedSample(sample.Labels, sample.Sample, SampleRefusal.OutOfOrder, Now + 1_000)).ToArray();
            return new AppendReport(batch.Samples.Count - refused.Length, refused.Length, [.. refused]);
        }
    }
}
