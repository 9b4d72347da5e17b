using System.Net.Http.Headers;
using Observability.Model;
using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>Sends samples to a server that takes Prometheus remote write 1.0.</summary>
internal sealed class RemoteWriteClient(HttpClient http, string path)
{
    private const int SeriesPerRequest = 500;
    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(10);

    /// <summary>Sends everything in slices of time: a head takes no samples much older than its newest.</summary>
    public async Task SendAsync(SimulatedHistory history)
    {
        for (var from = history.Start; from <= history.End; from += Slice)
        {
            var (first, last) = (from.ToUnixTimeMilliseconds(), (from + Slice).ToUnixTimeMilliseconds());
            foreach (var some in history.Series.Chunk(SeriesPerRequest))
            {
                var parts = some
                    .Select(series => (series.Key, Samples: series.Value.Where(sample => sample.UnixMilliseconds >= first && sample.UnixMilliseconds < last).ToList()))
                    .Where(series => series.Samples.Count > 0)
                    .Select(series => Encode(series.Key, series.Samples)).ToArray();
                if (parts.Length > 0)
                    await PostAsync(RemoteWriteBody.V1(parts));
            }
        }
    }

    private static byte[] Encode(LabelSet labels, List<Sample> samples) => RemoteWriteBody.SeriesV1(
        [.. labels.Select(label => (label.Key, label.Value))], [.. samples.Select(sample => (sample.UnixMilliseconds, sample.Value))]);

    private async Task PostAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        content.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
