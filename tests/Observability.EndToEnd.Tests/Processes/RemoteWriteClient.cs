using System.Net.Http.Headers;
using Observability.Metrics;
using Observability.Model;
using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>Sends samples to a server that takes Prometheus remote write 1.0.</summary>
/// <param name="http">The server.</param>
/// <param name="makeVisible">A path to ask after each write, for a server that shows what it took only later.</param>
internal sealed class RemoteWriteClient(HttpClient http, string? makeVisible = null) : ISampleAppender
{
    private const int SeriesPerRequest = 500;
    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(10);

    /// <summary>Sends everything in slices of time: a head takes no samples much older than its newest.</summary>
    public void Send(SimulatedHistory history)
    {
        for (var from = history.Start; from <= history.End; from += Slice)
        {
            var (first, last) = (from.ToUnixTimeMilliseconds(), (from + Slice).ToUnixTimeMilliseconds());
            foreach (var some in history.Series.Chunk(SeriesPerRequest))
            {
                Post(some
                    .Select(series => (series.Key, Samples: series.Value.Where(sample => sample.UnixMilliseconds >= first && sample.UnixMilliseconds < last).ToList()))
                    .Where(series => series.Samples.Count > 0)
                    .Select(series => Encode(series.Key, series.Samples)));
            }
        }

        Show();
    }

    /// <summary>Sends what a rule gave, as a server does that has the same rule.</summary>
    public void Append(SampleBatch batch)
    {
        Post(batch.Samples.Select(sample => Encode(sample.Labels, [sample.Sample])));
        Show();
    }

    private static byte[] Encode(LabelSet labels, List<Sample> samples) => RemoteWriteBody.SeriesV1(
        [.. labels.Select(label => (label.Key, label.Value))], [.. samples.Select(sample => (sample.UnixMilliseconds, sample.Value))]);

    private void Post(IEnumerable<byte[]> series)
    {
        byte[][] parts = [.. series];
        if (parts.Length == 0)
            return;
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/write") { Content = new ByteArrayContent(RemoteWriteBody.V1(parts)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        Send(request);
    }

    private void Show()
    {
        if (makeVisible is null)
            return;
        using var request = new HttpRequestMessage(HttpMethod.Get, makeVisible);
        Send(request);
    }

    private void Send(HttpRequestMessage request)
    {
        using var answer = http.Send(request);
        using var body = new StreamReader(answer.Content.ReadAsStream());
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {body.ReadToEnd()}");
    }
}
