using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>What NCCL itself tells: RAS in text or JSON, and the Inspector plugin's JSON. The job is the file's name.</summary>
internal sealed class NcclCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "nccl";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension is ".json" or ".jsonl"
        ? file.Head.IndexOf("\"coll_perf\""u8) >= 0 || file.Head.IndexOf("\"communicators\""u8) >= 0
            || (file.Head.IndexOf("\"event\""u8) >= 0 && file.Head.IndexOf("\"peer\""u8) >= 0 && file.Head.IndexOf("\"LIFECYCLE\""u8) >= 0)
        : file.Extension is ".txt" or ".log" && NcclRasText.Recognises(Encoding.UTF8.GetString(file.Head).Replace("\r", "", StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        if (file.Extension is ".txt" or ".log")
        {
            ReadText(file, digest);
            return;
        }

        var samples = new List<SeriesSample>();
        var fault = JsonValues.Read(file.Bytes, value =>
        {
            digest.Lines++;
            if (NcclInspector.Recognises(value))
                samples.AddRange(NcclInspector.Samples(value, file.At));
            else if (NcclRas.Recognises(value))
                foreach (var read in NcclRas.Events(value, file.Owner, file.At))
                    digest.Publish(read);
            else
                digest.Refuse($"value {digest.Lines}: neither RAS nor Inspector");
        });
        digest.AppendByMoment(file.Name, samples);
        if (fault.Length > 0)
            digest.Refuse(fault);
    }

    private static void ReadText(CaptureFile file, CaptureDigest digest)
    {
        var ras = new NcclRasText(file.Owner, digest.Publish);
        foreach (var line in file.Text.Split('\n'))
        {
            digest.Lines++;
            var trimmed = line.TrimEnd('\r');
            if (!ras.Read(trimmed, file.At) && NcclLines.Read(trimmed) is var (code, rank, fields))
            {
                digest.Publish(new TelemetryEvent
                {
                    At = file.At,
                    Source = EventSource.Nccl,
                    Code = code,
                    Raw = trimmed,
                    Severity = EventSeverity.Application,
                    Labels = LabelSet.Of(("job_name", file.Owner), ("rank", rank)),
                    Fields = fields,
                    DedupeKey = $"{code}|{file.Owner}|{rank}|{fields}",
                });
            }
        }
    }
}
