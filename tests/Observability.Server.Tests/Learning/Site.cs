namespace Observability.Server.Tests;

/// <summary>A site with two rules of its own that the shipped model cannot know: what its on-call says of them decides what is learnt.</summary>
internal static class Site
{
    /// <summary>Starts a world that learns from few stories, so that a training takes a second.</summary>
    public static async Task<World> StartAsync(string state, Action<ObservabilityOptions>? change = null, DateTimeOffset? at = null)
    {
        var world = await World.StartAsync(options =>
        {
            options.Server.State = state;
            options.Incidents.Retrain.Every = TimeSpan.Zero;
            options.Incidents.Questions.PerDay = 0;
            change?.Invoke(options);
        }, at: at);
        world.Platform.Learning.Stories = 200;
        return world;
    }

    /// <summary>Posts an alert of one of the rules on a node that nobody knows.</summary>
    public static async Task FireAsync(this World world, string rule, int node)
    {
        var answer = await world.PostAsync("/api/v2/alerts", $$$"""[{"labels":{"alertname":"{{{rule}}}","severity":"warning","node":"site-{{{node}}}"},"annotations":{"summary":"{{{rule}}} since the morning"}}]""");
        Assert.Equal(200, answer.Status);
    }

    /// <summary>Lets incidents of both rules open, one pair after the other, and says of each whether it was worth it.</summary>
    public static async Task LiveAsync(this World world, int pairs, Func<int, string, bool> wasWorthIt, int from = 0)
    {
        for (var i = from; i < from + pairs; i++)
        {
            foreach (var rule in (string[])["FanNoise", "QueueStuck"])
            {
                await world.FireAsync(rule, i);
                await world.StepAsync(2);
                var id = world.Snapshot.Incidents.Values.Last().Incident.Id;
                var said = await world.PostAsync($"/api/incidents/{id}/feedback", wasWorthIt(i, rule) ? """{"useful":true}""" : """{"useful":false}""", headers: ("X-Actor", "ann"));
                Assert.True(said.Status == 200, said.Body);
            }
        }

        await world.StepAsync();
    }

    /// <summary>Waits for the training that runs, and lets what follows from it be journaled.</summary>
    public static async Task TrainedAsync(this World world)
    {
        // The first step journals the command, the second begins what it asks for.
        await world.StepAsync(2);
#pragma warning disable VSTHRD003 // it runs on the thread pool and waits for nothing of ours
        await world.Platform.Learning.Training;
#pragma warning restore VSTHRD003
        await world.StepAsync(3);
    }

    /// <summary>The last word of a snapshot on how the latest training ended.</summary>
    public static string Outcome(this World world) => world.Snapshot.Learning.Trainings is [var last, ..] ? last.Refusal : "none yet";
}
