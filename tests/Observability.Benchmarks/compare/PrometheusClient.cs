using System.Globalization;
using System.Text.Json;

namespace Observability.Benchmarks;

/// <summary>Asks a contender through the Prometheus HTTP API, without its caches.</summary>
internal sealed class PrometheusClient(HttpClient http, string url)
{
    /// <summary>The value of an instant query that gives one element; 0 where it gives none.</summary>
    public async Task<double> ScalarAsync(string query, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await http.GetStringAsync($"{url}/api/v1/query?nocache=1&query={Uri.EscapeDataString(query)}", cancellationToken));
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? 0 : Number(result[0].GetProperty("value")[1]);
    }

    /// <summary>A range query; times in unix seconds.</summary>
    /// <returns>Per series the labels as text and its points, ordered by labels.</returns>
    public async Task<SortedDictionary<string, double[]>> RangeAsync(string query, long from, long to, int step, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await RangeTextAsync(query, from, to, step, cancellationToken));
        var series = new SortedDictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var row in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            var labels = string.Join(',', row.GetProperty("metric").EnumerateObject().Select(label => $"{label.Name}={label.Value}").Order(StringComparer.Ordinal));
            series[labels] = [.. row.GetProperty("values").EnumerateArray().Select(point => Number(point[1]))];
        }

        return series;
    }

    /// <summary>The same, as the bytes that came.</summary>
    public async Task<byte[]> RangeTextAsync(string query, long from, long to, int step, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"{url}/api/v1/query_range?nocache=1&start={from}&end={to}&step={step}&query={Uri.EscapeDataString(query)}", cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode ? body : throw new InvalidOperationException($"{query}: {System.Text.Encoding.UTF8.GetString(body)}");
    }

    private static double Number(JsonElement text) => double.Parse(text.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);
}
