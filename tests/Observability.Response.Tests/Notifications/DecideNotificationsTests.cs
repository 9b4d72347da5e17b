using Observability.Model;

namespace Observability.Response.Tests;

public sealed class DecideNotificationsTests
{
    private static readonly NoiseMark Noise = new(NoiseReason.Digest, "actionability-v1", "actionability 0.04 is below 0.15");
    private static readonly NoiseMark Silenced = new(NoiseReason.Silenced, "s-1", "silenced");
    private readonly DecideNotifications _decide = new();

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

    private string[] Tell(IncidentChangeKind kind, NoiseMark? mark = null, IncidentState state = IncidentState.Open)
    {
        var incident = Make.Note(1, NotificationKind.Firing, 1).Incident with
        {
            State = state,
            Verdict = new Verdict { IncidentId = "INC-000001", Revision = 1, Kind = VerdictKind.Unknown, FaultClass = FaultClass.Unknown, Confidence = 0.5, Summary = "", DecidedAt = Make.T0 },
        };
        var alert = new Alert { Labels = LabelSet.Of(("alertname", "x")), State = AlertState.Firing, StartsAt = Make.T0, UpdatedAt = Make.T0 };
        var screened = kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined ? new ScreenedAlert(new AlertTransition(alert, AlertTransitionKind.Fired, Make.T0), mark is null ? [] : [mark]) : null;
        return [.. _decide.On(new IncidentChange(incident, kind, Make.T0, "", screened), Make.T0).Select(one => one.Id)];
    }
}
