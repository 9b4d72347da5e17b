using Observability.Model;

namespace Observability.Slos;

/// <summary>
/// Charges what budgets lose to the incidents that were open meanwhile, in equal parts, and counts the GPU hours that
/// their jobs lost. Incidents pass unchanged.
/// </summary>
/// <param name="topology">Says how many GPUs a job has.</param>
/// <param name="price">What such an hour costs; null where nobody said.</param>
public sealed class ChargeBudget(TopologyView topology, GpuHourPrice? price = null) : IStage<IncidentChange, IncidentChange>
{
    private readonly SortedDictionary<string, Open> _open = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "charge_budget";

    /// <inheritdoc/>
    public IEnumerable<IncidentChange> Process(IncidentChange item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var incident = item.Incident;
        if (incident.State is IncidentState.Merged)
            _open.Remove(incident.Id);
        else if (_open.TryGetValue(incident.Id, out var open))
            open.Incident = incident;
        else if (incident.State is not IncidentState.Resolved)
            _open[incident.Id] = new Open { Incident = incident };
        return [item];
    }

    /// <summary>Splits a burn among the incidents that overlap it; announced work and silent monitors cost nothing.</summary>
    public IEnumerable<BudgetCharge> Charge(BudgetBurn burn, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(burn);
        var guilty = _open.Values.Where(open => Overlap(open.Incident, burn) > TimeSpan.Zero && CostsTime(open.Incident)).ToList();
        var charges = new List<BudgetCharge>();
        foreach (var open in guilty)
        {
            var share = open.Shares.GetValueOrDefault(burn.SloId) + (burn.BudgetShare / guilty.Count);
            var hours = open.GpuHours.GetValueOrDefault(burn.SloId) + LostGpuHours(open.Incident, burn);
            (open.Shares[burn.SloId], open.GpuHours[burn.SloId]) = (share, hours);
            if (burn.BudgetShare > 0)
                charges.Add(new BudgetCharge(burn.SloId, open.Incident.Id, now, share, hours) { Price = price });
        }

        foreach (var over in _open.Where(pair => pair.Value.Incident.ResolvedAt <= burn.From).Select(pair => pair.Key).ToArray())
            _open.Remove(over);
        return charges;
    }

    private static bool CostsTime(Incident incident) =>
        incident.Jobs.Length > 0 && incident.Verdict?.FaultClass is not (FaultClass.Maintenance or FaultClass.MonitorSilent);

    private static TimeSpan Overlap(Incident incident, BudgetBurn burn)
    {
        var from = incident.StartedAt > burn.From ? incident.StartedAt : burn.From;
        var to = incident.ResolvedAt < burn.To ? incident.ResolvedAt.Value : burn.To;
        return to - from;
    }

    private double LostGpuHours(Incident incident, BudgetBurn burn)
    {
        if (burn.BudgetShare <= 0)
            return 0;
        var gpus = incident.Jobs.Sum(job => topology.Current.In(job, EdgeKind.MemberOf).Count());
        return gpus * Overlap(incident, burn).TotalHours;
    }

    private sealed class Open
    {
        public required Incident Incident { get; set; }

        public Dictionary<string, double> Shares { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, double> GpuHours { get; } = new(StringComparer.Ordinal);
    }
}
