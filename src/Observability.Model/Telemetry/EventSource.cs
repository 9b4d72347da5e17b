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
}
