using System.Collections.Frozen;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Which mounted file systems many nodes share. <c>rules/host/host.rules.yaml</c> lists the same types.</summary>
public static class SharedFileSystems
{
    /// <summary>node_exporter writes it for each mounted file system; 1 where it did not answer in time.</summary>
    public const string Metric = "node_filesystem_device_error";

    /// <summary>Types of file systems on the network, as <c>/proc/mounts</c> spells them.</summary>
    public static FrozenSet<string> Types { get; } = FrozenSet.ToFrozenSet(
        [
            "nfs", "nfs4", "lustre", "gpfs", "ceph", "beegfs", "wekafs", "panfs", "cifs", "smb3", "fuse.glusterfs", "fuse.ceph-fuse", "fuse.juicefs", "fuse.s3fs",
        ],
        StringComparer.Ordinal);

    /// <summary>The shared storage that a series of <see cref="Metric"/> speaks of; null for a disk of the node's own.</summary>
    public static Entity? Of(LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Types.Contains(labels["fstype"]) && labels["device"] is { Length: > 0 } device
            ? new Entity(new EntityId(EntityKind.Storage, device), device, LabelSet.Of(("fstype", labels["fstype"])))
            : null;
    }
}
