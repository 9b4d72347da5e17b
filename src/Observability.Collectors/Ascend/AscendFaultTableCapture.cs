namespace Observability.Collectors;

/// <summary>A table of Ascend's fault codes. It holds no telemetry; it is read to say whether it can be.</summary>
internal sealed class AscendFaultTableCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "ascend-fault-codes";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension == ".json" && file.Head.IndexOf("\"NotHandleFaultCodes\""u8) is >= 0 and < 256;

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var (table, refused) = AscendFaultTable.Read(file.Bytes);
        digest.Lines = table.Count;
        foreach (var reason in refused)
            digest.Refuse(reason);
    }
}
