namespace Observability.Collectors.Tests;

/// <summary>The injected ranks of many made-up jobs, as a set: what is left over and what is missing both count.</summary>
public sealed class InjectedJobTests
{
    private static readonly (int Tensor, int Data, int Pipeline)[] Shapes = [(4, 2, 2), (2, 2, 4), (8, 1, 1), (2, 4, 2), (4, 4, 2), (4, 4, 4), (3, 2, 3), (8, 8, 1)];

    [Theory]
    [InlineData(Injected.ProgramStops, 1)]
    [InlineData(Injected.ProgramStops, 2, 0.2)]
    [InlineData(Injected.DeviceFails, 1)]
    [InlineData(Injected.DeviceFails, 2)]
    [InlineData(Injected.ProcessDies, 1)]
    [InlineData(Injected.ProcessDies, 2)]
    [InlineData(Injected.WrongSize, 1)]
    public void Analyse_NamesExactlyTheInjectedRanks_InEveryShape(Injected kind, int count, double undecided = 0.05)
    {
        var wrong = new List<string>();
        var (cases, accused) = (0, 0);
        foreach (var shape in Shapes)
        {
            for (var seed = 0; seed < 6; seed++)
            {
                var random = new Random((1_000 * cases) + seed);
                var ranks = shape.Tensor * shape.Data * shape.Pipeline;
                int[] culprits = [.. Enumerable.Range(0, ranks).OrderBy(_ => random.Next()).Take(count).Order()];
                var how = (Rounds: 20 + random.Next(120), OnlyOpen: random.Next(2) == 0);
                if (!culprits.All(rank => InjectedJob.IsVisible(shape, kind, culprits, (rank, how.Rounds))))
                    continue;
                var verdict = FlightRecorderAnalysis.Analyse(InjectedJob.Dumps(shape, kind, culprits, how));
                cases++;
                accused += verdict.Ranks.Except(culprits).Any() ? 1 : 0;
                if (!verdict.Ranks.SequenceEqual(culprits))
                    wrong.Add($"{shape} seed {seed} {how}: {string.Join(' ', culprits)} injected, {string.Join(' ', verdict.Ranks)} named: {verdict.Kind} {verdict.Evidence.FirstOrDefault()}");
            }
        }

        // Of two stopped programs the one that the other holds up first may look like any other victim: it is missed then, nobody else is named.
        Assert.InRange(cases, 30, 48);
        Assert.True(accused <= 1, $"{accused} of {cases} accuse somebody else:\n{string.Join('\n', wrong)}");
        Assert.True(wrong.Count <= undecided * cases, $"{wrong.Count} of {cases}:\n{string.Join('\n', wrong)}");
    }
}
