using System.Globalization;
using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Output of RDMA perftest; the node is the file's name, unless the recording states one. Each row becomes <c>rdma_perftest_*</c> series by message size.</summary>
internal sealed class PerftestCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "perftest";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension is ".txt" or ".log" && PerftestReader.Recognises(Encoding.UTF8.GetString(file.Head));

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var reader = new PerftestReader();
        var samples = new List<SeriesSample>();
        foreach (var line in file.Text.Split('\n'))
        {
            digest.Lines++;
            if (reader.Read(line.TrimEnd('\r')) is not var (bytes, values))
                continue;
            var labels = LabelSet.Of(("node", file.Node), ("device", reader.Device), ("test", reader.Test), ("bytes", bytes.ToString(CultureInfo.InvariantCulture)));
            samples.AddRange(values.Select(value => new SeriesSample(
                labels.With(LabelSet.MetricNameLabel, "rdma_perftest_" + value.Name), new Sample(file.At.ToUnixTimeMilliseconds(), value.Value))));
        }

        digest.AppendByMoment(file.Name, samples);
    }
}
