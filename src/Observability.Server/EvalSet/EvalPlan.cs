using Observability.Simulator;

namespace Observability.Server;

/// <summary>
/// The episodes of a set: every kind of fault as often as any other, one fault in five beside another one, and what only looks like a fault
/// alone and among faults.
/// </summary>
internal static class EvalPlan
{
    /// <summary>Episodes on one fleet.</summary>
    public const int EpisodesPerSession = 20;

    // 10.5 % of the episodes with faults have 2.2 of them on the mean: that is a fifth of all faults.
    private const double Concurrent = 0.105;
    private const double Third = 0.2;
    private const double SharesJob = 0.5;
    private const double NegativeBeside = 0.05;
    private const double NegativesAlone = 0.15;
    private const double Long = 0.04;
    private const double DeployBefore = 0.04;
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(90);

    /// <summary>Sessions of a part: the seed of each with its episodes.</summary>
    public static IReadOnlyList<(int Seed, FleetOptions Fleet, IReadOnlyList<EvalEpisode> Episodes)> Of(EvalSplit split, int faults, int seed)
    {
        var random = new Random(unchecked((seed * 31) + split.FirstSeed + 7));
        var kinds = Turns([.. FaultKinds.Faults], random);
        var negatives = Turns([.. FaultKinds.Negatives], random);
        var episodes = new List<EvalEpisode>();
        for (var left = faults; left > 0;)
        {
            var count = Math.Min(left, random.NextDouble() >= Concurrent ? 1 : random.NextDouble() < Third ? 3 : 2);
            episodes.Add(Episode(count, kinds, negatives, random));
            left -= count;
            if (random.NextDouble() < NegativesAlone)
                episodes.Add(new EvalEpisode([], [(Next(negatives), TimeSpan.Zero)], SharesJob: false, TimeSpan.FromSeconds(random.Next(80, 141))));
        }

        return [.. episodes.Chunk(EpisodesPerSession).Select((chunk, n) =>
            (SeedOf(split, seed, n), split.Fleets[n % split.Fleets.Count] with { Seed = SeedOf(split, seed, n) }, (IReadOnlyList<EvalEpisode>)chunk))];
    }

    // Parts lie a block of seeds apart, so no session of one has the seed of another, whatever the set's own seed.
    private static int SeedOf(EvalSplit split, int seed, int session) =>
        ((seed % 2_000) * 1_000_000) + split.FirstSeed + (session % EvalSplit.SeedsPerSplit);

    private static EvalEpisode Episode(int count, IEnumerator<FaultKind> kinds, IEnumerator<FaultKind> negatives, Random random)
    {
        var faults = new List<(FaultKind Kind, TimeSpan After)>();
        for (var n = 0; n < count; n++)
            faults.Add((Next(kinds), n == 0 ? TimeSpan.Zero : Seconds(random, Apart)));
        (FaultKind Kind, TimeSpan After)[] beside = random.NextDouble() < NegativeBeside ? [(Next(negatives), Seconds(random, Apart))] : [];
        // A few last longer than the ten minutes after which a framework says what the telemetry has said long before.
        var lasts = random.NextDouble() < Long ? random.Next(640, 700) : random.Next(80, 141);
        var sharesJob = random.NextDouble() < SharesJob;
        // What was rolled out some minutes earlier, and has nothing to do with what comes, suggests itself as the reason.
        if (random.NextDouble() >= DeployBefore)
            return new EvalEpisode(faults, beside, sharesJob, TimeSpan.FromSeconds(lasts));
        var later = TimeSpan.FromSeconds(random.Next(60, 241));
        return new EvalEpisode(
            [.. faults.Select(one => (one.Kind, one.After + later))],
            [(FaultKinds.Find(random.Next(2) == 0 ? FaultKinds.Deploy : FaultKinds.DriverUpdate)!, TimeSpan.Zero), .. beside.Select(one => (one.Kind, one.After + later))], SharesJob: true, TimeSpan.FromSeconds(lasts));
    }

    private static TimeSpan Seconds(Random random, TimeSpan most) => TimeSpan.FromSeconds(random.Next((int)most.TotalSeconds + 1));

    private static FaultKind Next(IEnumerator<FaultKind> turns)
    {
        turns.MoveNext();
        return turns.Current;
    }

    private static IEnumerator<FaultKind> Turns(FaultKind[] kinds, Random random)
    {
        while (true)
        {
            random.Shuffle(kinds);
            foreach (var kind in kinds)
                yield return kind;
        }
    }
}
