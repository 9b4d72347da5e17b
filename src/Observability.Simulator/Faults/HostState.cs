namespace Observability.Simulator;

/// <summary>What a node's processors, memory and local disk show.</summary>
internal sealed class HostState
{
    /// <summary>Bytes of the scratch disk.</summary>
    public const double DiskSize = 7.6e12;

    private const double UsualMemory = 1.4e12;
    private const double UsualDisk = 5.3e12;

    /// <summary>Bytes of memory that are free to be taken.</summary>
    public double MemoryAvailable { get; set; } = UsualMemory;

    /// <summary>Bytes that are free on the scratch disk.</summary>
    public double DiskAvailable { get; set; } = UsualDisk;

    /// <summary>Runnable processes above what training needs.</summary>
    public double ExtraLoad { get; set; }

    /// <summary>Processes in uninterruptible sleep.</summary>
    public double Blocked { get; set; }

    /// <summary>True where the shared file system does not answer and the exporter has given up asking.</summary>
    public bool MountStuck { get; set; }

    /// <summary>Seconds in which something waited for a processor.</summary>
    public double CpuWaiting { get; set; }

    /// <summary>Seconds in which something waited for a disk or mount.</summary>
    public double IoWaiting { get; set; }

    /// <summary>Processes that the kernel killed for want of memory.</summary>
    public double OomKills { get; set; }

    /// <summary>Memory that was used up is free again.</summary>
    public void FreeMemory() => MemoryAvailable = UsualMemory;

    /// <summary>Files were removed.</summary>
    public void FreeDisk() => DiskAvailable = UsualDisk;

    /// <summary>A boot counts from zero.</summary>
    public void Reset() => (CpuWaiting, IoWaiting, OomKills) = (0, 0, 0);
}
