namespace Observability.EndToEnd.Tests;

/// <summary>Lets real time pass second by second: other processes live in it too.</summary>
internal static class RealTime
{
    /// <summary>Does what a second asks for until a condition holds; false where the limit came first.</summary>
    public static async Task<bool> PassAsync(Func<DateTimeOffset, Task> second, Func<bool> until, TimeSpan limit)
    {
        var end = TimeProvider.System.GetUtcNow() + limit;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            var now = TimeProvider.System.GetUtcNow();
            if (now > end)
                return false;
            await second(now);
        }
        while (!until() && await timer.WaitForNextTickAsync());
        return until();
    }
}
