namespace Observability.Incidents;

/// <summary>Windows and limits of the steps from alert to verdict.</summary>
public sealed class IncidentsOptions
{
    /// <summary>Most alerts that are active at once; past it an alert is refused and counted.</summary>
    public int MaximumActiveAlerts { get; set; } = 500_000;

    /// <summary>State changes within <see cref="FlapWindow"/> that make an alert flapping (FlashDuty: 4 in 60 min).</summary>
    public int FlapChanges { get; set; } = 4;

    /// <summary>Window of <see cref="FlapChanges"/>.</summary>
    public TimeSpan FlapWindow { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>How long an incident gathers when an alert points at a fault itself.</summary>
    public TimeSpan SettleWithCause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it gathers when there are only symptoms: two scrapes and a rule's delay, so that the cause can still speak first.</summary>
    public TimeSpan SettleWithoutCause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Shortest time between two verdicts of one incident.</summary>
    public TimeSpan Reconsider { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a late symptom may join an incident through its job; NCCL gives up after 10 minutes.</summary>
    public TimeSpan JoinWindow { get; set; } = TimeSpan.FromMinutes(12);

    /// <summary>How long all alerts must have ended before an incident is over.</summary>
    public TimeSpan QuietBeforeResolved { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The same where an event's alert still stands: nobody measures when an event is over.</summary>
    public TimeSpan QuietAfterEvent { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How late a cause may follow the symptoms it explains: two scrapes, a rule's delay and a detector's three looks.</summary>
    public TimeSpan CauseWindow { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// How long before the first sign of an incident a change may have been made to be suspected of it. Of the failures that are a job's own doing
    /// 73 % come within ten minutes of its start (facts/failures.md §2, Aegis); an hour takes in what only shows at the next checkpoint.
    /// </summary>
    public TimeSpan ChangeWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How much later another kind of fault on another part of the same node begins to be a fault of its own: what one blow does shows within two scrapes.</summary>
    public TimeSpan ApartOnNode { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Nodes up to which an incident is about its nodes, and a new fault on one of them belongs to it.</summary>
    public int NarrowIncident { get; set; } = 3;

    /// <summary>Nodes of one job that must say the same within <see cref="CauseWindow"/> before it is taken for the job's symptom and not theirs.</summary>
    public int ChorusNodes { get; set; } = 4;

    /// <summary>Share of the job's nodes that must say it, 0 to 1: what most peers show does not set one apart.</summary>
    public double ChorusShare { get; set; } = 0.5;

    /// <summary>
    /// How long a device's recovery still explains what its job shows: a restart takes about this long. A device that is not known to be
    /// well again explains for longer, see <see cref="JoinWindow"/>.
    /// </summary>
    public TimeSpan DeviceMemory { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How far apart two incidents may have begun to turn out to be one.</summary>
    public TimeSpan MergeWindow { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Actionability below which a symptom goes to the digest.</summary>
    public double DigestBelow { get; set; } = 0.15;

    /// <summary>How often, and about what, the on-call is asked whether an alert was worth it.</summary>
    public QuestionOptions Questions { get; set; } = new();

    /// <summary>Confidence below which the answer is "I don't know"; null takes the model's own, fitted when it was trained.</summary>
    public double? AbstainBelow { get; set; }
}
