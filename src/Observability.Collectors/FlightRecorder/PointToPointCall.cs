using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>A send or receive by what it is called: <c>nccl:send 0->3</c>, <c>nccl:recv 3&lt;-0</c>, in the group's own ranks.</summary>
internal sealed partial record PointToPointCall(bool IsSend, int Own, int Peer)
{
    /// <summary>Reads the name; null where it names no peer.</summary>
    public static PointToPointCall? Of(FlightRecorderEntry entry)
    {
        var match = Name().Match(entry.Operation);
        return match.Success
            && int.TryParse(match.Groups["own"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var own)
            && int.TryParse(match.Groups["peer"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var peer)
            ? new PointToPointCall(match.Groups["what"].Value == "send", own, peer)
            : null;
    }

    /// <summary>True where the other call is the other half of this one.</summary>
    public bool Meets(PointToPointCall other) => IsSend != other.IsSend && Own == other.Peer && Peer == other.Own;

    [GeneratedRegex(@"(?<what>send|recv) (?<own>\d+)(?:->|<-)(?<peer>\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
