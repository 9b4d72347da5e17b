using System.Net.Http.Headers;
using static Observability.Testing.RemoteWriteBody;

namespace Observability.Server.Tests;

/// <summary>Remote write through the front door into the store, and what it told beside samples out of the API.</summary>
public sealed class RemoteWriteTests
{
    private const string Path = "/api/v1/write";
    private const string V1Type = "application/x-protobuf";
    private const string V2Type = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    private const string Key = "0123456789abcdef";
    private static readonly long Now = World.Start.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Write_BothVersions_CanBeAskedForAtOnce()
    {
        await using var world = await World.StartAsync();
        var first = await PostAsync(world, V1(SeriesV1([("__name__", "pushed"), ("version", "1")], [(Now, 1.5)])), V1Type);
        var second = await PostAsync(
            world,
            V2(
                ["", "__name__", "pushed_total", "version", "2", "What was pushed.", "trace_id", "abc"],
                SeriesV2([1, 2, 3, 4], [(Now, 2.5)], MetadataV2(1, 5, 0), ExemplarV2([6, 7], Now, 2))),
            V2Type);

        Assert.Equal("204 samples 1 histograms 0 exemplars 0", first);
        Assert.Equal("204 samples 1 histograms 0 exemplars 1", second);
        Assert.Equal(["pushed{version=\"1\"} 1.5"], await world.QueryAsync("pushed"));
        Assert.Equal(["pushed_total{version=\"2\"} 2.5"], await world.QueryAsync("pushed_total"));
        var metadata = await world.GetAsync("/api/v1/metadata?metric=pushed_total");
        Assert.Equal("""{"status":"success","data":{"pushed_total":[{"type":"counter","help":"What was pushed.","unit":""}]}}""", metadata.Body);
        var exemplars = await world.GetAsync($"/api/v1/query_exemplars?query=rate(pushed_total[5m])&start={Now / 1000 - 1}&end={Now / 1000 + 1}");
        Assert.Equal(
            $$$"""{"status":"success","data":[{"seriesLabels":{"__name__":"pushed_total","version":"2"},"exemplars":[{"labels":{"trace_id":"abc"},"value":"2","timestamp":{{{Now / 1000}}}}]}]}""",
            exemplars.Body);
    }

    [Fact]
    public async Task Write_OutOfOrderAndDuplicate_Is400WithTheSeriesAndTheOthersAreStored()
    {
        await using var world = await World.StartAsync();
        await PostAsync(world, V1(SeriesV1([("__name__", "a")], [(Now, 1)]), SeriesV1([("__name__", "b")], [(Now, 1)])), V1Type);
        string? answer = null;
        var moved = await world.MovedAsync(
            async () => answer = await PostAsync(
                world,
                V1(
                    SeriesV1([("__name__", "a")], [(Now - 1_000, 2)]),
                    SeriesV1([("__name__", "b")], [(Now, 2)]),
                    SeriesV1([("__name__", "c")], [(Now, 3)]),
                    SeriesV1([("__name__", "d")], [(Now, 3)], Histogram(4))),
                V1Type),
            "observability_collectors_refused_total", ("source", "remote_write"), ("reason", "native_histogram"));

        Assert.Equal(
            """
            400 samples 2 histograms 0 exemplars 0
            3 refused, 2 samples stored
            d{}: native histograms are not stored; send classic buckets (scrape_native_histograms: false, or always_scrape_classic_histograms: true, at the sender)
            a{} 2 at 2026-03-01T11:59:59.000Z: out of order: the newest stored sample is of 2026-03-01T12:00:00.000Z
            b{} 2 at 2026-03-01T12:00:00.000Z: duplicate: another value is stored for this time
            """,
            answer);
        Assert.Equal(1, moved);
        Assert.Equal(["c{} 3"], await world.QueryAsync("c"));
    }

    [Fact]
    public async Task Write_WithinTheOutOfOrderWindow_IsStored()
    {
        await using var world = await World.StartAsync(options => options.Metrics.OutOfOrderWindow = TimeSpan.FromMinutes(5));
        await PostAsync(world, V1(SeriesV1([("__name__", "a")], [(Now, 1)])), V1Type);
        Assert.StartsWith("204 samples 1 ", await PostAsync(world, V1(SeriesV1([("__name__", "a")], [(Now - 60_000, 2)])), V1Type), StringComparison.Ordinal);
        Assert.Equal(["{} 2"], await world.QueryAsync("count_over_time(a[5m])"));
    }

    [Theory]
    [InlineData("text/plain", "snappy", "Content-Type 'text/plain' is not supported; send application/x-protobuf")]
    [InlineData("application/x-protobuf; proto=other.Message", "snappy", "proto=other.Message is not supported; send prometheus.WriteRequest or io.prometheus.write.v2.Request")]
    [InlineData("application/x-protobuf", "zstd", "Content-Encoding 'zstd' is not supported; send snappy")]
    public async Task Write_OfAnotherKind_Is415(string type, string encoding, string says)
    {
        await using var world = await World.StartAsync();
        var answer = await world.PostAsync(Path, V1(), type, ("Content-Encoding", encoding));
        Assert.Equal((415, says + "\n"), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Write_WhereKeysAreNeeded_IsRefusedWithoutOne()
    {
        await using var world = await World.StartAsync(options => options.Server.ApiKeys = [$"sender:{Key}"]);
        var body = V1(SeriesV1([("__name__", "a")], [(Now, 1)]));
        Assert.Equal(401, (await world.PostAsync(Path, body, V1Type, ("Content-Encoding", "snappy"))).Status);
        Assert.Equal(204, (await world.PostAsync(Path, body, V1Type, ("Content-Encoding", "snappy"), ("Authorization", $"Bearer {Key}"))).Status);
    }

    [Fact]
    public async Task Write_LargerThanTheLimit_Is413()
    {
        await using var world = await World.StartAsync(options => options.Server.MaximumBodyBytes = 1_024);
        Assert.Equal(413, (await world.PostAsync(Path, new byte[1_025], V1Type)).Status);
        Assert.Equal(413, (await world.PostAsync(Path, Snappy(new byte[1_025])[..200], V1Type)).Status);
    }

    [Theory]
    [InlineData("/api/v1/metadata?limit=x", "limit must be a number")]
    [InlineData("/api/v1/metadata?limit_per_metric=x", "limit_per_metric must be a number")]
    [InlineData("/api/v1/query_exemplars?query=up&start=10&end=9", "invalid parameter \"end\": end timestamp must not be before start timestamp")]
    [InlineData("/api/v1/query_exemplars?query=up&start=x", "invalid parameter \"start\": cannot parse \"x\" to a valid timestamp")]
    public async Task SourceQuery_ThatCannotBeRead_IsBadData(string path, string error)
    {
        await using var world = await World.StartAsync();
        var answer = await world.GetAsync(path);
        Assert.Equal((400, "bad_data", error), (answer.Status, (string)answer.Json["errorType"]!, answer.Error));
    }

    private static async Task<string> PostAsync(World world, byte[] body, string type)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        content.Headers.ContentEncoding.Add("snappy");
        using var response = await world.Http.PostAsync(new Uri(Path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        string Written(string what) => $"{what.ToLowerInvariant()} {string.Join(',', response.Headers.GetValues($"X-Prometheus-Remote-Write-{what}-Written"))}";
        var said = (await response.Content.ReadAsStringAsync()).TrimEnd();
        return $"{(int)response.StatusCode} {Written("Samples")} {Written("Histograms")} {Written("Exemplars")}{(said.Length > 0 ? "\n" + said : "")}";
    }
}
