using Observability.Model;

namespace Observability.Incidents;

/// <summary>Says which fault a candidate would be.</summary>
internal static class FaultNaming
{
    private static readonly string[] ByGravity =
        [FaultClass.GpuOffBus, FaultClass.EccUncontained, FaultClass.GspTimeout, FaultClass.NvlinkError, FaultClass.EccContained, FaultClass.RowRemapPending];

    /// <summary>What speaks loudest at a device: causes before symptoms, the worse before the milder, the earlier before the later.</summary>
    public static string ClassAt(Scene scene, EntityId entity)
    {
        var here = scene.At(entity);
        // Announced work explains whatever else the place shows.
        if (here.Any(alert => alert.FaultClass == FaultClass.Maintenance))
            return FaultClass.Maintenance;
        var best = here.Where(alert => alert.FaultClass.Length > 0)
            .OrderByDescending(Scene.IsCause).ThenByDescending(Scene.Severity).ThenBy(Gravity).ThenBy(alert => alert.StartsAt).FirstOrDefault();
        var faultClass = best?.FaultClass ?? FaultClass.Unknown;
        // One port that goes down is the NIC's or its cable's matter; the switch is a candidate of its own.
        return faultClass == FaultClass.LeafFlap && entity.Kind == EntityKind.Nic ? FaultClass.SlowNic : faultClass;
    }

    /// <summary>What the job would have done by itself.</summary>
    public static string ClassOfJob(Scene scene, EntityId job)
    {
        var here = scene.At(job);
        if (here.FirstOrDefault(Scene.IsCause) is { } cause)
            return cause.FaultClass;
        // What fails by its own code leaves the same echo as what is killed.
        if (scene.HasSoftwareErrors(job))
            return FaultClass.UserCodeError;
        if (scene.IsEchoed(job))
            return FaultClass.JobKilled;
        // A job that hung is ended by somebody sooner or later: what came first counts.
        var first = here.Where(alert => alert.FaultClass is FaultClass.UserCodeHang or FaultClass.JobKilled).OrderBy(alert => alert.StartsAt)
            .ThenBy(alert => alert.FaultClass == FaultClass.JobKilled).FirstOrDefault();
        return first?.FaultClass ?? FaultClass.Straggler;
    }

    // Of two faults that one device shows, the graver one is the fault and the other its beginning: 48 leads to 95.
    private static int Gravity(Alert alert) => Array.IndexOf(ByGravity, alert.FaultClass) is var place and >= 0 ? place : ByGravity.Length;
}
