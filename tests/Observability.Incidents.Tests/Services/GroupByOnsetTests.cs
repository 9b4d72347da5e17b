namespace Observability.Incidents.Tests.Services;

public sealed class GroupByOnsetTests
{
    [Fact]
    public void OneIncidentThatFades_IsOneGroup() => Assert.Single(GroupByOnset.Group(Incident(new Random(1), 0)).Distinct());

    [Fact]
    public void SecondIncidentInTheTailOfTheFirst_IsAGroupOfItsOwn()
    {
        var random = new Random(2);
        var (first, second) = (Incident(random, 0), Incident(random, 150));

        var groups = GroupByOnset.Group([.. first, .. second]);

        Assert.Equal(2, groups.Distinct().Count());
        // What the second raises lies in the second group, and of the first all that came before.
        Assert.InRange(groups.Skip(first.Length).Count(group => group == 1) / (double)second.Length, 0.9, 1);
        Assert.All(first.Zip(groups).Where(one => one.First < Make.At(135)), one => Assert.Equal(0, one.Second));
    }

    [Fact]
    public void AfterASilence_AnotherBegins() => Assert.Equal([0, 0, 1, 1], GroupByOnset.Group([Make.At(0), Make.At(30), Make.At(100), Make.At(160)]));

    [Fact]
    public void ManyAlertsOfOneInstant_AreNoOnset()
    {
        var random = new Random(3);
        var incident = Incident(random, 0);
        DateTimeOffset[] scrape = [.. Enumerable.Repeat(Make.At(180), 500)];

        Assert.Single(GroupByOnset.Group([.. incident, .. scrape]).Distinct());
    }

    [Fact]
    public void OrderDoesNotMatter()
    {
        var random = new Random(4);
        DateTimeOffset[] times = [.. Incident(random, 0), .. Incident(random, 120)];
        var shuffled = times.ToArray();
        random.Shuffle(shuffled);

        Assert.Equal(times.Zip(GroupByOnset.Group(times)).OrderBy(one => one.First), shuffled.Zip(GroupByOnset.Group(shuffled)).OrderBy(one => one.First));
        Assert.Empty(GroupByOnset.Group([]));
    }

    // 200 alerts whose flow halves every 80 seconds or so, none after eight minutes.
    private static DateTimeOffset[] Incident(Random random, double start) =>
        [.. Enumerable.Range(0, 200).Select(_ => Make.At(start + Math.Min(480, -115 * Math.Log(1 - random.NextDouble()))))];
}
