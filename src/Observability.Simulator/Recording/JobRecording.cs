using System.Globalization;
using System.Text;

namespace Observability.Simulator;

/// <summary>
/// What jobs push, as OTLP JSON: a document for every export, or, in the compact form, one for five minutes of a job, in which ranks speak
/// every thirty seconds only and with five digits.
/// </summary>
internal sealed class JobRecording(Fleet fleet, RecordingForm form, Func<string, RecordingFile> open)
{
    private const int ExportsPerDocument = 30;
    private const int ExportsPerRankExport = 3;

    private readonly Dictionary<string, RecordingFile> _open = new(StringComparer.Ordinal);
    private int _exports;
    private int _documents;

    /// <summary>Takes what jobs say now.</summary>
    public void Record()
    {
        foreach (var job in fleet.Jobs.Where(JobTelemetry.Speaks))
        {
            var said = JobTelemetry.Of(job, fleet);
            if (form == RecordingForm.Full)
                Write(OpenNext(), OtlpJson.Of(said).ToJsonString()).Flush();
            else
                Gather(said);
        }

        _exports++;
        if (_exports % ExportsPerDocument == 0)
            Flush();
    }

    /// <summary>Writes out what has gathered.</summary>
    public void Flush()
    {
        foreach (var file in _open.Values)
            Write(file, "]}").Flush();
        _open.Clear();
    }

    private void Gather(OtlpDocument said)
    {
        if (_exports % ExportsPerRankExport != 0)
            said = said with { Metrics = [.. said.Metrics.Where(metric => metric.Points.Count == 1)] };
        said = said with { Metrics = [.. said.Metrics.Select(metric => metric with { Points = [.. metric.Points.Select(point => point with { Value = Rounded(point.Value) })] })] };
        var isFirst = !_open.TryGetValue(said.Job, out var file);
        if (isFirst)
            _open[said.Job] = file = OpenNext();
        Write(file!, isFirst ? "{\"resourceMetrics\":[" : ",");
        Write(file!, OtlpJson.Of(said)["resourceMetrics"]![0]!.ToJsonString()).Settle();
    }

    private RecordingFile OpenNext() => open(string.Create(CultureInfo.InvariantCulture, $"otlp/{_documents++:000000}.json"));

    private static RecordingFile Write(RecordingFile file, string text)
    {
        Encoding.UTF8.GetBytes(text, file.Text);
        return file;
    }

    // Durations and ratios to five digits; what counts stays whole.
    private static double Rounded(double value) => Math.Abs(value) >= 1_000 ? Math.Round(value, 1) : Math.Round(value, 5);
}
