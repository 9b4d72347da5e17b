namespace Observability.Simulator;

/// <summary>Kernel lines that several faults write.</summary>
internal static class KernelLines
{
    public const string UnknownProcess = "pid='<unknown>', name=<unknown>";

    /// <summary>An Xid line; the exporter's gauge shows the last one from then on.</summary>
    public static void Xid(Fleet fleet, Gpu gpu, int code, string process, string message)
    {
        gpu.LastXid = code;
        gpu.Node.Log.Write(fleet.Now, 3, $"NVRM: Xid (PCI:{gpu.Pci}): {code}, {process}, {message}");
    }

    /// <summary>The process that trains on a GPU, as Xid lines name it.</summary>
    public static string TrainerOf(Gpu gpu) => $"pid={40_000 + (gpu.Index * 17)}, name=python3";

    /// <summary>The driver clears the channels of a process that was killed: an echo, never a cause.</summary>
    public static void Cleanup(Fleet fleet, Gpu gpu) => Xid(fleet, gpu, 45, TrainerOf(gpu), "Ch 00000008");

    /// <summary>A GPU's system processor hangs and says so. Nine in ten need a boot of the node; until then whoever asks the driver hangs.</summary>
    public static void GspTimeout(Fleet fleet, Gpu gpu)
    {
        gpu.GspHung = true;
        Xid(fleet, gpu, 119, TrainerOf(gpu), "Timeout after 6s of waiting for RPC response from GPU0 GSP! Expected function 76 (GSP_RM_CONTROL) (0x20801702 0x4).");
    }

    /// <summary>Takes a port down and says so.</summary>
    public static void LinkDown(Fleet fleet, Nic nic)
    {
        nic.Down = true;
        nic.LinkDowned++;
        nic.Node.Log.Write(fleet.Now, 4, $"mlx5_core {nic.Pci}: {nic.Device}: Link down");
    }

    /// <summary>Brings a port up and says so; one that is up stays as it is.</summary>
    public static void LinkUp(Fleet fleet, Nic nic)
    {
        if (!nic.Down)
            return;
        nic.Down = false;
        nic.Node.Log.Write(fleet.Now, 6, $"mlx5_core {nic.Pci}: {nic.Device}: Link up");
    }
}
