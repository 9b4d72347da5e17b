using Observability.Model;

namespace Observability.Collectors;

/// <summary>One capture that was just taken, read by the reader that knows its kind.</summary>
internal static class CaptureReading
{
    /// <summary>What is in it, and the account of it.</summary>
    public static (IReadOnlyList<RecordedItem> Items, (string Skipped, long Refused) Report) Of(CaptureFile file)
    {
        if (RecordedTelemetry.ReaderOf(file) is not { } reader)
            return ([], ($"{file.Name}: nothing known is in it: neither its name nor how it begins tells a kind of capture", 0));
        if (reader is IFolderCapture)
            return ([], ($"{file.Name}: {reader.Kind} is read as a whole folder, see collect.rdma", 0));
        var items = new List<RecordedItem>();
        var digest = new CaptureDigest(items);
        try
        {
            reader.Read(file, digest);
        }
        catch (InvalidDataException fault)
        {
            return ([], ($"{file.Name}: {fault.Message}", 0));
        }

        var report = digest.Report(file.Name, reader.Kind);
        return (items, (digest.SkippedBecause, report.Refused));
    }

    /// <summary>The labels that speak for a source's node.</summary>
    public static LabelSet LabelsOf(CaptureSource source) => LabelSet.Of(("node", source.Node));
}
