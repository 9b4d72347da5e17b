using System.Text;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>Output of <c>ibnetdiscover -p</c>, <c>perfquery</c> or <c>ibswinfo</c>. A GUID in the file's name says which switch perfquery asked.</summary>
internal sealed partial class IbFabricCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "ib-fabric";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension is ".out" or ".txt" or ""
        && (IsPerfQuery(file.Head) || IsSwitchInfo(file.Head) || IbNetDiscoverReader.Begins(Encoding.UTF8.GetString(file.Head)));

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        List<string> refused;
        if (IsPerfQuery(file.Head))
        {
            var guid = Guid().Match(file.Name) is { Success: true } match ? match.Value : "";
            (var samples, refused) = PerfQueryReader.Read(file.Text, guid, file.At);
            digest.AppendByMoment(file.Name, samples);
            digest.Lines = samples.Count;
        }
        else if (IsSwitchInfo(file.Head))
        {
            (var samples, var events, refused) = IbSwitchInfoReader.Read(file.Text, file.At);
            digest.AppendByMoment(file.Name, samples);
            foreach (var found in events)
                digest.Publish(found);
            digest.Lines = samples.Count + refused.Count;
        }
        else
        {
            (var links, refused) = IbNetDiscoverReader.Read(file.Text);
            var fabric = new IbFabricSamples(file.At);
            fabric.Add(links);
            digest.AppendByMoment(file.Name, fabric.Samples);
            digest.Apply(fabric.Topology);
            digest.Lines = links.Count + refused.Count;
        }

        foreach (var reason in refused)
            digest.Refuse(reason);
    }

    private static bool IsPerfQuery(ReadOnlySpan<byte> head) => head.StartsWith("# Port"u8) && head.IndexOf("counters: Lid "u8) > 0;

    private static bool IsSwitchInfo(ReadOnlySpan<byte> head) => head.StartsWith("===="u8) && head.IndexOf("\nGUID "u8) > 0;

    [GeneratedRegex("0x[0-9a-fA-F]{16}", RegexOptions.CultureInvariant)]
    private static partial Regex Guid();
}
