namespace Observability.Response.Tests;

public class KillAndReplayTests(ITestOutputHelper output)
{
    private const int Schedules = 2_500;

    [Fact]
    public async Task Response_KilledAnywhereOverManySchedules_NeverDoublesACordonNorLosesAHold()
    {
        var (kills, cordons) = (0, 0);
        for (var seed = 1; seed <= Schedules; seed++)
        {
            var schedule = new Schedule(seed);
            try
            {
                await schedule.RunAsync();
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, after {schedule.Kills} kills: {fault.Message}", fault);
            }

            kills += schedule.Kills;
            cordons += schedule.Cordons;
        }

        output.WriteLine($"seeds 1 to {Schedules}: {kills} kills, {cordons} cordons");
        Assert.InRange(kills, Schedules, int.MaxValue);
        Assert.InRange(cordons, Schedules, int.MaxValue);
    }
}
