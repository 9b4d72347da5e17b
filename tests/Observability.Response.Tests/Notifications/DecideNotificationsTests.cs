using Observability.Model;

namespace Observability.Response.Tests;

public sealed class DecideNotificationsTests
{
    private static readonly NoiseMark Noise = new(NoiseReason.Digest, "actionability-v1", "actionability 0.04 is below 0.15");
    private static readonly NoiseMark Silenced = new(NoiseReason.Silenced, "s-1", "silenced");
    private static readonly IncidentMute Quiet = new("s-1", "silenced by ana: known", Make.T0, Make.T0.AddHours(1));
    private readonly DecideNotifications _decide = new();
    private IncidentMute? _mute;
    private string _class = FaultClass.Unknown;

    [Fact]
    public void NothingButNoise_IsFoldedOnce_AndItsEndIsNoNews()
    {
        Assert.Equal([], Tell(IncidentChangeKind.Opened, Noise));
        Assert.Equal(["INC-000001/Digest/1"], Tell(IncidentChangeKind.VerdictReached));
        Assert.Equal([], Tell(IncidentChangeKind.AlertJoined, Noise));
        Assert.Equal([], Tell(IncidentChangeKind.VerdictReached));
        Assert.Equal([], Tell(IncidentChangeKind.Resolved, state: IncidentState.Resolved));
    }

    [Fact]
    public void OneAlertThatIsNotNoise_MakesItNews()
    {
        Tell(IncidentChangeKind.Opened, Noise);
        Assert.Equal(["INC-000001/Digest/1"], Tell(IncidentChangeKind.VerdictReached));
        Tell(IncidentChangeKind.AlertJoined);
        Assert.Equal(["INC-000001/Firing/2"], Tell(IncidentChangeKind.VerdictReached));
        Assert.Equal(["INC-000001/Resolved/3"], Tell(IncidentChangeKind.Resolved, state: IncidentState.Resolved));
    }

    [Fact]
    public void OtherMarks_AreNotTheModels()
    {
        Tell(IncidentChangeKind.Opened, Silenced);
        Assert.Equal(["INC-000001/Firing/1"], Tell(IncidentChangeKind.VerdictReached));
    }

    [Fact]
    public void Muted_NothingIsTold_AndNoEndOfWhatWasNotTold()
    {
        _mute = Quiet;
        Assert.Equal([], Tell(IncidentChangeKind.Opened, Silenced));
        Assert.Equal([], Tell(IncidentChangeKind.Muted));
        Assert.Equal([], Tell(IncidentChangeKind.VerdictReached));
        Assert.Equal([], Tell(IncidentChangeKind.Resolved, state: IncidentState.Resolved));
    }

    [Fact]
    public void Unmuted_TellsThenAndOnce()
    {
        _mute = Quiet;
        Tell(IncidentChangeKind.Opened, Silenced);
        Tell(IncidentChangeKind.VerdictReached);
        _mute = null;
        Assert.Equal(["INC-000001/Firing/1"], Tell(IncidentChangeKind.Unmuted));
        Assert.Equal([], Tell(IncidentChangeKind.VerdictReached));
        Assert.Equal(["INC-000001/Resolved/2"], Tell(IncidentChangeKind.Resolved, state: IncidentState.Resolved));
    }

    [Fact]
    public void MutedAfterItWasTold_NoUpdateLeaves_ButItsEndDoes()
    {
        Tell(IncidentChangeKind.Opened);
        Assert.Equal(["INC-000001/Firing/1"], Tell(IncidentChangeKind.VerdictReached));
        _mute = Quiet;
        _class = FaultClass.GpuOffBus;
        Assert.Equal([], Tell(IncidentChangeKind.Muted));
        Assert.Equal([], Tell(IncidentChangeKind.VerdictReached));
        Assert.Equal(["INC-000001/Resolved/2"], Tell(IncidentChangeKind.Resolved, state: IncidentState.Resolved));
    }

    [Theory]
    [InlineData(FaultClass.Unknown, new string[0])]
    [InlineData(FaultClass.GpuOffBus, new[] { "INC-000001/Updated/2" })]
    public void UnmutedAfterItWasTold_OnlyAnotherAnswerIsNews(string since, string[] told)
    {
        Tell(IncidentChangeKind.Opened);
        Tell(IncidentChangeKind.VerdictReached);
        _mute = Quiet;
        _class = since;
        Tell(IncidentChangeKind.VerdictReached);
        _mute = null;
        Assert.Equal(told, Tell(IncidentChangeKind.Unmuted));
    }

    [Fact]
    public void MutedButForTheDigest_IsFoldedOnce_AndNoMoreWhereAllIsSilenced()
    {
        Tell(IncidentChangeKind.Opened, Silenced);
        _mute = Quiet with { IsInDigest = true };
        Assert.Equal(["INC-000001/Digest/1"], Tell(IncidentChangeKind.VerdictReached));
        Assert.Equal([], Tell(IncidentChangeKind.VerdictReached));
        _mute = Quiet;
        Assert.Equal([], Tell(IncidentChangeKind.Muted));
        // It left the digest then, so it comes back with what is not silenced.
        _mute = Quiet with { IsInDigest = true };
        Assert.Equal(["INC-000001/Digest/2"], Tell(IncidentChangeKind.Muted));
    }

    [Fact]
    public void Work_IsNoNews_WhatIsStillWrongAfterItIs()
    {
        _class = FaultClass.Maintenance;
        _mute = Quiet;
        Tell(IncidentChangeKind.Opened, null, alert: Alert("work", FaultClass.Maintenance));
        Tell(IncidentChangeKind.AlertJoined);
        Assert.Equal([], Tell(IncidentChangeKind.VerdictReached));
        _mute = null;
        Assert.Equal([], Tell(IncidentChangeKind.Unmuted));
        Tell(IncidentChangeKind.AlertResolved, alert: Alert("work", FaultClass.Maintenance));
        Assert.Equal(["INC-000001/Firing/1"], Tell(IncidentChangeKind.Unmuted));
    }

    private static Alert Alert(string name, string faultClass = "") =>
        new() { Labels = LabelSet.Of(("alertname", name), (AlertLabel.FaultClass, faultClass)), State = AlertState.Firing, StartsAt = Make.T0, UpdatedAt = Make.T0 };

    private string[] Tell(IncidentChangeKind kind, NoiseMark? mark = null, IncidentState state = IncidentState.Open, Alert? alert = null)
    {
        var incident = Make.Note(1, NotificationKind.Firing, 1).Incident with
        {
            State = state,
            Mute = _mute,
            Verdict = new Verdict { IncidentId = "INC-000001", Revision = 1, Kind = VerdictKind.Unknown, FaultClass = _class, Confidence = 0.5, Summary = "", DecidedAt = Make.T0 },
        };
        var screened = alert is not null || kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined
            ? new ScreenedAlert(new AlertTransition(alert ?? Alert("x"), AlertTransitionKind.Fired, Make.T0), mark is null ? [] : [mark]) : null;
        return [.. _decide.On(new IncidentChange(incident, kind, Make.T0, "", screened), Make.T0).Select(one => one.Id)];
    }
}
