using System.Text.Json;

namespace Observability.Collectors;

/// <summary>OTLP metrics in JSON.</summary>
internal sealed class OtlpCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "otlp";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension == ".json" && file.Head.IndexOf("\"resourceMetrics\""u8) >= 0;

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        try
        {
            var translation = new OtlpTranslation(file.At, new OtlpOptions { MaxAhead = TimeSpan.FromDays(4_000) }, new OtlpDeltas());
            foreach (var metric in OtlpJson.Read(file.Bytes) ?? [])
                translation.Add(metric);
            digest.AppendByMoment(file.Name, translation.Samples);
            digest.Lines = translation.Accepted + translation.Rejected;
            if (translation.Rejected > 0)
                digest.Refuse(translation.Message, translation.Rejected);
        }
        catch (JsonException fault)
        {
            digest.SkippedBecause = $"not JSON: {fault.Message}";
        }
    }
}
