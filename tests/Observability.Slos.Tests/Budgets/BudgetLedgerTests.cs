using Observability.Model;

namespace Observability.Slos.Tests;

public sealed class BudgetLedgerTests
{
    private static readonly DateTimeOffset Start = World.Start;

    [Theory]
    [InlineData(BudgetingMethod.Occurrences, 1)]
    [InlineData(BudgetingMethod.Timeslices, 2)]
    [InlineData(BudgetingMethod.RatioTimeslices, 3)]
    public void Sum_OfAnyWindow_EqualsAddingUpEveryBucket(BudgetingMethod method, int seed)
    {
        var random = new Random(seed);
        var slo = World.Raw(days: 1) with { Method = method, TimeSliceTarget = 0.5, TimeSlice = TimeSpan.FromMinutes(1) };
        var ledger = new BudgetLedger(slo, new SloOptions());
        var minutes = new SortedDictionary<int, (double Good, double Total)>();
        var exclusions = new List<BudgetExclusion>();
        var minute = 0;
        // Three times the window, with gaps, so that the ring wraps.
        while (minute < 3 * 1440)
        {
            ledger.Advance(Start.AddMinutes(minute));
            var total = random.Next(0, 5) * 10;
            var good = total * random.NextDouble();
            ledger.Add(new Measurement(good, total));
            var old = minutes.GetValueOrDefault(minute);
            minutes[minute] = (old.Good + good, old.Total + total);
            if (random.Next(500) == 0)
                Exclude(minute);
            minute += random.Next(200) == 0 ? random.Next(60) : random.Next(2);
        }

        var head = minutes.Keys.Last();
        for (var i = 0; i < 500; i++)
        {
            var to = head + 1 - random.Next(1000);
            var from = Math.Max(head - 1440, to - random.Next(1440));
            var expected = Reference(from, to);
            var sum = ledger.Sum(Start.AddMinutes(from), Start.AddMinutes(to));
            Assert.Equal(expected.Good, sum.Good, 6);
            Assert.Equal(expected.Total, sum.Total, 6);
        }

        void Exclude(int at)
        {
            var from = Start.AddMinutes(at - random.Next(300));
            var exclusion = new BudgetExclusion("s", from, from.AddMinutes(random.Next(1, 60)), "a", "r");
            exclusions.Add(exclusion);
            ledger.Exclude(exclusion);
        }

        (double Good, double Total) Reference(int from, int to)
        {
            var (good, total) = (0d, 0d);
            foreach (var (at, (g, t)) in minutes.Where(pair => pair.Key >= from && pair.Key < to && pair.Value.Total > 0))
            {
                var time = Start.AddMinutes(at);
                if (exclusions.Any(exclusion => exclusion.From < time.AddMinutes(1) && time < exclusion.To))
                    continue;
                if (method != BudgetingMethod.Occurrences && at == head)
                    continue;
                good += method switch { BudgetingMethod.Occurrences => g, BudgetingMethod.Timeslices => g / t >= 0.5 ? 1 : 0, _ => g / t };
                total += method == BudgetingMethod.Occurrences ? t : 1;
            }

            return (good, total);
        }
    }

    [Fact]
    public void Advance_OverMoreThanTheWindow_BeginsAgain()
    {
        var ledger = new BudgetLedger(World.Raw(days: 1), new SloOptions());
        ledger.Advance(Start);
        ledger.Add(new Measurement(1, 2));
        ledger.Advance(Start.AddDays(3));
        ledger.Add(new Measurement(1, 1));

        Assert.Equal(Start.AddDays(3), ledger.Since);
        Assert.Equal(new Measurement(1, 1), ledger.Sum(Start, Start.AddDays(4)));
    }
}
