using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Noise;

public sealed class DeduplicateTests
{
    private readonly TopologyView _view = Fleets.View(2);

    [Fact]
    public void Repeat_IsHeldBackAndItsEndIsTold()
    {
        var stage = new Deduplicate(new IncidentsOptions(), _view);
        var alert = Make.Vanished(Fleets.Gpu(0, 1), 0);

        Assert.Single(stage.Process(alert, Make.At(0)));
        Assert.Empty(stage.Process(alert with { UpdatedAt = Make.At(60) }, Make.At(60)));
        var end = Assert.Single(stage.Process(alert with { State = AlertState.Resolved, EndsAt = Make.At(90) }, Make.At(91)));

        Assert.Equal((AlertTransitionKind.Resolved, Make.At(91), (DateTimeOffset?)Make.At(90)), (end.Kind, end.At, end.Alert.EndsAt));
        Assert.Equal(0, stage.ActiveCount);
    }

    [Fact]
    public void EndOfAnUnknownAlert_IsNoNews() =>
        Assert.Empty(new Deduplicate(new IncidentsOptions(), _view).Process(Make.Vanished(Fleets.Gpu(0, 1), 0) with { State = AlertState.Resolved }, Make.At(0)));

    [Fact]
    public void SenderFallsSilent_AlertEndsWhenItsEndsAtHasPassed()
    {
        var stage = new Deduplicate(new IncidentsOptions(), _view);
        _ = stage.Process(Make.Vanished(Fleets.Gpu(0, 1), 0) with { EndsAt = Make.At(240) }, Make.At(0)).ToArray();

        Assert.Empty(stage.Advance(Make.At(239)));
        var end = Assert.Single(stage.Advance(Make.At(240)).ToArray());

        Assert.Equal((AlertTransitionKind.Resolved, (DateTimeOffset?)Make.At(240)), (end.Kind, end.Alert.EndsAt));
        Assert.Empty(stage.Advance(Make.At(241)));
    }

    [Fact]
    public void LabelsOnly_AreLocatedInTheTopology()
    {
        var alert = new Alert
        {
            Labels = LabelSet.Of((AlertLabel.Name, "A"), ("node", Fleets.Node(1)), ("gpu", "3")),
            State = AlertState.Firing,
            StartsAt = Make.At(0),
            UpdatedAt = Make.At(0),
        };

        var fired = Assert.Single(new Deduplicate(new IncidentsOptions(), _view).Process(alert, Make.At(0)));

        Assert.Equal(Fleets.Gpu(1, 3), fired.Alert.Entity);
    }

    [Fact]
    public void AlertWithoutLabels_PassesWithoutAPlace()
    {
        var alert = new Alert { Labels = LabelSet.Empty, State = AlertState.Firing, StartsAt = Make.At(0), UpdatedAt = Make.At(0) };

        var fired = Assert.Single(new Deduplicate(new IncidentsOptions(), _view).Process(alert, Make.At(0)));

        Assert.Null(fired.Alert.Entity);
    }

    [Fact]
    public void FiredBeforeItsPlaceWasKnown_EndsAndFiresAnewThereWhenItIsRepeated()
    {
        var view = new TopologyView();
        var stage = new Deduplicate(new IncidentsOptions(), view);
        var alert = Make.Vanished(Fleets.Gpu(1, 3), 0) with { Entity = null, Labels = LabelSet.Of((AlertLabel.Name, "A"), ("node", Fleets.Node(1)), ("gpu", "3")) };
        _ = stage.Process(alert, Make.At(0)).ToArray();

        Assert.Empty(stage.Process(alert, Make.At(30)));
        view.Apply(Fleets.Of(2));
        var told = stage.Process(alert with { UpdatedAt = Make.At(60) }, Make.At(60)).ToArray();

        Assert.Equal(
            [(AlertTransitionKind.Resolved, null), (AlertTransitionKind.Fired, (EntityId?)Fleets.Gpu(1, 3))],
            told.Select(transition => (transition.Kind, transition.Alert.Entity)));
        Assert.Empty(stage.Process(alert, Make.At(90)));
        Assert.Equal(1, stage.ActiveCount);
    }

    [Fact]
    public void TooManyActive_TheNextIsRefusedAndTheOthersGoOn()
    {
        var stage = new Deduplicate(new IncidentsOptions { MaximumActiveAlerts = 2 }, _view);
        Alert Of(int gpu) => Make.Vanished(Fleets.Gpu(0, gpu), 0);

        Assert.Equal([1, 1, 0], Enumerable.Range(0, 3).Select(gpu => stage.Process(Of(gpu), Make.At(0)).Count()));
        Assert.Single(stage.Process(Of(0) with { State = AlertState.Resolved }, Make.At(1)));
        Assert.Single(stage.Process(Of(2), Make.At(2)));
    }

    [Fact]
    public void Restore_GivesSendersTimeToSpeakAgain()
    {
        var stage = new Deduplicate(new IncidentsOptions(), _view);
        var alert = Make.Vanished(Fleets.Gpu(0, 1), 0) with { EndsAt = Make.At(100) };
        stage.Restore(new AlertTransition(alert, AlertTransitionKind.Fired, Make.At(0)), TimeSpan.FromSeconds(300));

        Assert.Empty(stage.Advance(Make.At(399)));
        Assert.Empty(stage.Process(alert, Make.At(50)));
        Assert.Single(stage.Advance(Make.At(400)).ToArray());
    }
}
