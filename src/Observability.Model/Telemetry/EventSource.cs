namespace Observability.Model;

/// <summary>Where an event was read.</summary>
public enum EventSource
{
    /// <summary>The kernel log.</summary>
    Kmsg,

    /// <summary>A DCGM state change.</summary>
    Dcgm,

    /// <summary>A Mellanox driver line.</summary>
    Mlx5,

    /// <summary>NVSwitch or fabric manager.</summary>
    FabricManager,

    /// <summary>A training framework's log.</summary>
    Training,

    /// <summary>NCCL or the process-group watchdog.</summary>
    Nccl,

    /// <summary>Kubernetes.</summary>
    Kubernetes,

    /// <summary>Slurm.</summary>
    Slurm,

    /// <summary>An announced change: deploy, driver, configuration, maintenance.</summary>
    Change,

    /// <summary>A state that nvidia-smi reports.</summary>
    NvidiaSmi,

    /// <summary>State of an RDMA port, or of the fabric behind it.</summary>
    InfiniBand,

    /// <summary>An AMD GPU's own error record.</summary>
    Amd,

    /// <summary>A fault code of an Ascend NPU.</summary>
    Ascend,
}
