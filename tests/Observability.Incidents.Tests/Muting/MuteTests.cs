using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Muting;

public sealed class MuteTests
{
    private static readonly Alert Gpu = Make.Vanished(Fleets.Gpu(0, 3), 0);
    private static readonly NoiseMark Digest = new(NoiseReason.Digest, "actionability-v1", "actionability 0.04 is below 0.15");
    private readonly Dictionary<string, Incident> _last = [];
    private readonly MuteRun _run = new(Fleets.View(8, 8, ("a", 0, 2)));

    [Fact]
    public void SilenceBefore_IncidentIsBornMuted_AndTellsWhenTheSilenceEnds()
    {
        Assert.Empty(_run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 100), 0));
        Assert.Equal(["INC-000001 Muted by s1 until 100"], _run.Fire(Gpu, 1));
        // The very change that opens it carries the mark, so that nobody tells of it in between.
        Assert.Equal(("s1", Make.At(1)), (_run.Seen[0].Incident.Mute!.By, _run.Seen[0].Incident.Mute!.Since));
        Assert.Empty(_run.Tick(50));
        Assert.Empty(_run.Tick(99));
        Assert.Equal(["INC-000001 Unmuted"], _run.Tick(100));
        Assert.Equal("tells again: the silence has ended and its alerts still fire", _run.Seen[^1].Reason);
        Assert.Empty(_run.Tick(101));
    }

    [Fact]
    public void SilenceDuring_MutesAtOnce_AndItsEndByHandIsAnEnd()
    {
        Assert.Empty(_run.Fire(Gpu, 0));
        Assert.Equal(["INC-000001 Muted by s1 until 100"], _run.Silence(MuteRun.Of("s1", "GpuVanished", 5, 100), 5));
        Assert.Equal(["INC-000001 Unmuted"], _run.Expire("s1", 20));
        Assert.Empty(_run.Tick(100));
    }

    [Fact]
    public void SilenceThatBeginsLater_MutesWhenItBegins()
    {
        _run.Fire(Gpu, 0);
        Assert.Empty(_run.Silence(MuteRun.Of("s1", "GpuVanished", 10, 100), 5));
        Assert.Empty(_run.Tick(9));
        Assert.Equal(["INC-000001 Muted by s1 until 100"], _run.Tick(10));
    }

    [Fact]
    public void SilenceThatIsCreatedAgain_CountsAsItIsNow()
    {
        _run.Fire(Gpu, 0);
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 100), 1);
        Assert.Equal(["INC-000001 Muted by s1 until 300"], _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 300), 2));
        Assert.Equal(["INC-000001 Unmuted"], _run.Silence(MuteRun.Of("s1", "SomethingElse", 0, 300), 3));
    }

    [Fact]
    public void TwoSilences_TheLastOneToEndCounts_OfTwoAlertsTheFirst()
    {
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 100), 0);
        Assert.Equal(["INC-000001 Muted by s1 until 100"], _run.Fire(Gpu, 1));
        Assert.Equal(["INC-000001 Muted by s2 until 200"], _run.Silence(MuteRun.Of("s2", ".*", 0, 200), 2));
        Assert.Empty(_run.Tick(100));
        Assert.Equal(["INC-000001 Unmuted"], _run.Tick(200));

        _run.Silence(MuteRun.Of("s3", "GpuVanished", 201, 400), 201);
        _run.Silence(MuteRun.Of("s4", "xid:79", 201, 300), 201);
        Assert.Equal(["INC-000001 Muted by s4 until 300"], _run.Fire(Make.Xid79(Fleets.Gpu(0, 3), 202), 202));
    }

    [Fact]
    public void OneAlertThatIsNotSilenced_LiftsIt_AndItsEndMutesAgain()
    {
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 1_000), 0);
        _run.Fire(Gpu, 1);
        var loud = Make.Xid79(Fleets.Gpu(0, 3), 3);
        Assert.Equal(["INC-000001 Unmuted"], _run.Fire(loud, 3));
        Assert.Equal("tells again: xid:79 fires and is not silenced", _run.Seen[^1].Reason);
        Assert.Equal(["INC-000001 Muted by s1 until 1000"], _run.End(loud, 9));
    }

    [Fact]
    public void NothingFiresAnyMore_TheEndOfTheSilenceIsNoNews()
    {
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 30), 0);
        _run.Fire(Gpu, 1);
        _run.End(Gpu, 20);
        Assert.Empty(_run.Tick(30));
        Assert.Empty(_run.Tick(80));
        // Whoever reads it afterwards sees that nobody was told, and nothing is remembered of it.
        Assert.Equal((IncidentChangeKind.Resolved, "s1", (0, 0)), (_run.Seen[^1].Kind, _run.Seen[^1].Incident.Mute!.By, _run.Mute.Remembered));
    }

    [Fact]
    public void FiresAgain_InTheSameIncident_CountsAnew()
    {
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 30), 0);
        _run.Fire(Gpu, 1);
        _run.End(Gpu, 20);
        _run.Tick(30);
        Assert.Equal(["INC-000001 Unmuted"], _run.Fire(Gpu, 40));
    }

    [Fact]
    public void EndsAndFiresInOneSecond_AsWhatIsPlacedLateDoes_StillTells()
    {
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 30), 0);
        _run.Fire(Gpu, 1);
        _run.End(Gpu, 1);
        _run.Fire(Gpu, 1);
        Assert.Equal(["INC-000001 Unmuted"], _run.Tick(30));
    }

    [Fact]
    public void DigestIsNoSilence_WhatIsBothMutedAndInTheDigestSaysSo()
    {
        // Nothing but the digest: not muted.
        Assert.Empty(_run.Fire(Make.Throttle(Fleets.Gpu(5, 0), 0), 0, Digest));
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 1_000), 0);
        Assert.Equal(["INC-000002 Muted by s1 until 1000"], _run.Fire(Gpu, 1));
        var remark = Make.Throttle(Fleets.Gpu(0, 3), 2);
        Assert.Equal(["INC-000002 Muted by s1 until 1000, digest"], _run.Fire(remark, 2, Digest));
        // What is silenced ends: what is left still wakes nobody.
        Assert.Equal(["INC-000002 Muted by s1 until whenever, digest"], _run.End(Gpu, 5));
    }

    [Fact]
    public void SymptomBelowASilencedCause_IsKeptQuietWithIt_AsLongAsTheCauseFires()
    {
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 1_000), 0);
        _run.Fire(Gpu, 1);
        Assert.Empty(_run.Fire(Make.Stalled("a", 40), 40));
        Assert.Equal(["INC-000001 Unmuted"], _run.End(Gpu, 50));
        Assert.Equal("tells again: GpuVanished has ended, and what it explained still fires", _run.Seen[^1].Reason);
    }

    [Fact]
    public void Maintenance_MutesItsNodeWhateverCameFirst_AndNoOtherNodeOfTheJob()
    {
        var work = Make.Maintenance(Make.Node(0), 10);
        _run.Fire(Gpu, 0);
        var by = $"{work.Fingerprint:x16}";
        Assert.Equal([$"INC-000001 Muted by {by} until whenever"], _run.Fire(work, 10));
        Assert.Empty(_run.Fire(Make.Stalled("a", 40), 40));
        // A fault of its own on another node of that job is nobody's planned work.
        _run.Fire(Make.Xid79(Fleets.Gpu(1, 2), 60), 60);
        var other = Assert.Single(_run.Seen, change => change is { Kind: IncidentChangeKind.Opened, Alert.Alert.Name: "xid:79" });
        Assert.Null(other.Incident.Mute);
        Assert.Equal(["INC-000001 Unmuted"], _run.End(work, 100));
    }

    [Theory]
    [InlineData("GpuVanished", "INC-000001 Unmuted")]
    [InlineData("xid:79", "")]
    public void Merge_TheIncidentThatStaysIsAsLoudAsTheLoudestOfBoth(string silenced, string said)
    {
        _run.Silence(MuteRun.Of("s1", silenced, 0, 1_000), 0);
        var (here, there) = (Make.Fires(Gpu), Make.Fires(Make.Xid79(Fleets.Gpu(0, 4), 1)));
        Send(new IncidentChange(Incident("INC-000001"), IncidentChangeKind.Opened, Make.At(1), "", here));
        Send(new IncidentChange(Incident("INC-000002"), IncidentChangeKind.Opened, Make.At(1), "", there));
        Assert.Equal(said.Length == 0 ? [] : [said], Send(new IncidentChange(Incident("INC-000001"), IncidentChangeKind.AlertJoined, Make.At(2), "", there)));
        Assert.Equal([], Send(new IncidentChange(Incident("INC-000002") with { State = IncidentState.Merged, MergedInto = "INC-000001" }, IncidentChangeKind.Merged, Make.At(2), "")));
        Assert.Equal((null, (1, 2)), (Last("INC-000001")!.Mute, _run.Mute.Remembered));
    }

    [Fact]
    public void AlertThatMovesAway_TakesItsVoiceAlong()
    {
        // Gathered into one, then split before they are judged: the loud one leaves, and what stays is silenced.
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 1_000), 0);
        var home = new IncidentChange(Incident("INC-000001"), IncidentChangeKind.Opened, Make.At(1), "", Make.Fires(Gpu));
        var loud = Make.Fires(Make.Xid79(Fleets.Gpu(0, 4), 2));
        _ = Send(home);
        Assert.Equal(["INC-000001 Unmuted"], Send(home with { Kind = IncidentChangeKind.AlertJoined, Alert = loud }));
        Assert.Equal(["INC-000001 Muted"], Send(new IncidentChange(Incident("INC-000002"), IncidentChangeKind.Opened, Make.At(3), "", loud)));
        Assert.Equal(2, _run.Mute.Remembered.Alerts);
        // An alert that has ended by then moves as one that has ended.
        _ = Send(new IncidentChange(Incident("INC-000002"), IncidentChangeKind.AlertResolved, Make.At(4), "", Make.Ends(loud.Alert, 4)));
        Assert.Equal([], Send(home with { Kind = IncidentChangeKind.AlertJoined, Alert = loud }));
        Assert.Equal("s1", Last("INC-000001")!.Mute!.By);
    }

    [Fact]
    public void Shadow_CountsForNothing()
    {
        _run.Silence(MuteRun.Of("s1", "GpuVanished", 0, 1_000), 0);
        _run.Fire(Gpu, 1);
        var shadow = Make.Fires(Make.Throttle(Fleets.Gpu(0, 3), 2)) with { IsShadow = true };
        Assert.Equal([], Send(new IncidentChange(Incident("INC-000001"), IncidentChangeKind.AlertJoined, Make.At(2), "", shadow)));
        Assert.Equal(1, _run.Mute.Remembered.Alerts);
    }

    [Fact]
    public void ReplayInput_GivesTheSameChanges()
    {
        IEnumerable<(IncidentChangeKind, DateTimeOffset, IncidentMute?)> Play()
        {
            var run = new MuteRun(Fleets.View(8, 8, ("a", 0, 2)));
            run.Silence(MuteRun.Of("s1", "Gpu.*", 0, 60), 0);
            for (var gpu = 0; gpu < 8; gpu++)
                run.Fire(Make.Throttle(Fleets.Gpu(gpu / 2, gpu), gpu), gpu);
            run.Fire(Make.Stalled("a", 20), 20);
            for (var second = 21; second < 90; second++)
                run.Tick(second);
            return run.Seen.Select(change => (change.Kind, change.At, change.Incident.Mute));
        }

        Assert.Equal(Play(), Play());
    }

    private static Incident Incident(string id) => new()
    {
        Id = id,
        State = IncidentState.Gathering,
        StartedAt = Make.At(0),
        OpenedAt = Make.At(0),
        UpdatedAt = Make.At(0),
        Title = id,
        Severity = "critical",
    };

    private Incident? Last(string id) => _last.GetValueOrDefault(id);

    // Straight to the step, for what correlation does in rare cases only.
    private string[] Send(IncidentChange change)
    {
        var changes = _run.Mute.Process(change, change.At).ToArray();
        foreach (var one in changes)
            _last[one.Incident.Id] = one.Incident;
        return [.. changes.Where(one => one.Kind is IncidentChangeKind.Muted or IncidentChangeKind.Unmuted).Select(one => $"{one.Incident.Id} {one.Kind}")];
    }
}
