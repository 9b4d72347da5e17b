using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>Kinds of faults whose delays may be compared: how soon they can be seen at all differs.</summary>
internal static class FaultGroup
{
    /// <summary>A counter, a flag or a log line of the broken part says so.</summary>
    public const string Explicit = "explicit_hardware";

    /// <summary>A job stands still.</summary>
    public const string Hang = "hang";

    /// <summary>A job is slow, or slowly becomes so.</summary>
    public const string Slow = "slow";

    /// <summary>Everything else.</summary>
    public const string Other = "other";

    /// <summary>The group of a kind; of a kind that is not known here, by whether it is hardware.</summary>
    public static string Of(LabelledFault fault) => fault.Kind switch
    {
        FaultClass.UserCodeHang or FaultClass.StorageStall => Hang,
        FaultClass.Straggler or FaultKinds.CpuContention or FaultKinds.Congestion or FaultKinds.GrayLoss or FaultClass.DataLoaderStall => Slow,
        // They grow, or show only in what is computed.
        FaultKinds.EccCreep or FaultKinds.OpticsDegradation or FaultClass.SilentCorruption => Other,
        _ => fault.IsHardware ? Explicit : Other,
    };
}
