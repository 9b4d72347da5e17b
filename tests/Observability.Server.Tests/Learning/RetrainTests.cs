using Observability.Incidents;

namespace Observability.Server.Tests;

/// <summary>From what the on-call says to the model in use, across restarts and back.</summary>
public sealed class RetrainTests : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("retrain-");

    public void Dispose() => _state.Delete(recursive: true);

    [Fact]
    public async Task Labels_MakeABetterModelThatIsInUseAfterARestartToo_AndCanBeLeftAgain()
    {
        double before;
        DateTimeOffset end;
        await using (var world = await Site.StartAsync(_state.FullName))
        {
            before = await ProbabilityAsync(world, "FanNoise", 900);
            await world.LiveAsync(12, (_, rule) => rule == "QueueStuck");
            Assert.Equal(200, (await world.PostAsync("/api/models/train", "{}", headers: ("X-Actor", "ann"))).Status);
            await world.TrainedAsync();

            Assert.Equal("", world.Outcome());
            var model = world.Snapshot.Learning.Versions[0];
            Assert.Equal(("v1", "shipped", "v1", "ann"), (model.Version, model.Parent, world.Snapshot.Learning.InUse, world.Snapshot.Learning.InUseBy));
            Assert.True(model.Journal!.LogLoss < model.ParentOnJournal!.LogLoss, $"{model.Journal.LogLoss} against {model.ParentOnJournal.LogLoss}");
            var after = await ProbabilityAsync(world, "FanNoise", 901);
            Assert.True(after < before / 2, $"{before} before, {after} after");
            end = world.Now;
        }

        await using (var world = await Site.StartAsync(_state.FullName, at: end.AddMinutes(1)))
        {
            Assert.Equal(("v1", "ann", 24), (world.Snapshot.Learning.InUse, world.Snapshot.Learning.InUseBy, world.Snapshot.Learning.Labels));
            Assert.Equal(0, await world.CounterAsync("observability_replay_divergence_total"));
            Assert.True(await ProbabilityAsync(world, "FanNoise", 902) < before / 2);

            Assert.Equal("model v7: is not on the shelf; there are v1, shipped", (await world.PostAsync("/api/models/v7/use", "{}")).Error);
            Assert.Equal("model v1: is in use already", (await world.PostAsync("/api/models/v1/use", "{}")).Error);
            Assert.Equal(200, (await world.PostAsync("/api/models/shipped/use", "{}", headers: ("X-Actor", "bob"))).Status);
            await world.StepAsync(2);
            Assert.Equal(("shipped", "bob"), (world.Snapshot.Learning.InUse, world.Snapshot.Learning.InUseBy));
        }
    }

    [Fact]
    public async Task WorseModel_IsRefusedAndTheRefusalIsJournaled()
    {
        DateTimeOffset end;
        await using (var world = await Site.StartAsync(_state.FullName))
        {
            // The latest incidents, which are kept to judge by, say the opposite of those before.
            await world.LiveAsync(12, (i, rule) => rule == "QueueStuck" == (i >= 8));
            await world.PostAsync("/api/models/train", "{}");
            await world.TrainedAsync();
            end = world.Now;
            Assert.Equal("shipped", world.Snapshot.Learning.InUse);
        }

        await using var again = await Site.StartAsync(_state.FullName, at: end.AddMinutes(1));
        Assert.StartsWith("on the 7 latest labelled incidents, which it has not seen, its log loss is ", again.Outcome(), StringComparison.Ordinal);
        Assert.Equal(("shipped", "shipped"), (again.Snapshot.Learning.InUse, Assert.Single(again.Snapshot.Learning.Versions).Version));
        Assert.Empty(Directory.EnumerateDirectories(_state.FullName, "v*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Schedule_TrainsWhenThereIsEnoughThatIsNew_AndNotMoreOften()
    {
        await using var world = await Site.StartAsync(_state.FullName, options =>
            (options.Incidents.Retrain.Every, options.Incidents.Retrain.MinimumLabels) = (TimeSpan.FromMinutes(10), 24));
        await world.LiveAsync(11, (_, rule) => rule == "QueueStuck");
        await world.TrainedAsync();
        Assert.Equal("none yet", world.Outcome());

        await world.LiveAsync(1, (_, rule) => rule == "QueueStuck", from: 11);
        await world.TrainedAsync();
        Assert.Equal(("", "v1", "schedule", 0), (world.Outcome(), world.Snapshot.Learning.InUse, world.Snapshot.Learning.InUseBy, world.Snapshot.Learning.NewLabels));

        // Enough is new again at once, but ten minutes have not passed.
        await world.LiveAsync(12, (_, rule) => rule == "QueueStuck", from: 12);
        await world.TrainedAsync();
        Assert.Single(world.Snapshot.Learning.Trainings);
        await world.StepAsync(600);
        await world.TrainedAsync();
        Assert.Equal(2, world.Snapshot.Learning.Trainings.Count);
    }

    [Fact]
    public async Task WithoutAStateFolder_ThereIsNowhereToKeepAVersion()
    {
        await using var world = await Site.StartAsync("");
        await world.PostAsync("/api/models/train", "{}");
        await world.TrainedAsync();

        Assert.Equal("server.state is empty: a version needs a folder to be kept in", world.Outcome());
    }

    [Fact]
    public async Task VersionWhoseFilesAreGone_LeavesTheOneBeforeItInUse()
    {
        DateTimeOffset end;
        await using (var world = await Site.StartAsync(_state.FullName))
        {
            await world.LiveAsync(12, (_, rule) => rule == "QueueStuck");
            await world.PostAsync("/api/models/train", "{}");
            await world.TrainedAsync();
            Assert.Equal("v1", world.Snapshot.Learning.InUse);
            end = world.Now;
        }

        Directory.Delete(Path.Combine(LearningLoop.FolderOf(_state.FullName), "v1"), recursive: true);
        await using var again = await Site.StartAsync(_state.FullName, at: end.AddMinutes(1));

        Assert.Equal("shipped", again.Snapshot.Learning.InUse);
    }

    [Fact]
    public async Task JournalReadElsewhere_GivesTheVeryFeaturesAndLabelsOfLife()
    {
        LearningData lived;
        await using (var world = await Site.StartAsync(_state.FullName))
        {
            await world.OpenIncidentAsync();
            await world.LiveAsync(6, (_, rule) => rule == "QueueStuck");
            lived = world.Platform.Learning.Memory.Data();
        }

        var stage = await JournalMemory.ReadAsync(Path.Combine(_state.FullName, "journal.db"), ModelShelf.Open(""), TestContext.Current.CancellationToken);

        var read = stage.Memory.Data();
        Assert.Equal(12, lived.Labels.Length);
        Assert.Equal(lived.Labels.Select(Told), read.Labels.Select(Told));
        Assert.Equal(lived.Recent.Select(Text), read.Recent.Select(Text));
        Assert.Equal(lived.Scores, read.Scores);
    }

    [Fact]
    public async Task CommandLine_TrainsBesideTheServerAndLists()
    {
        await using (var world = await Site.StartAsync(_state.FullName))
            await world.LiveAsync(12, (_, rule) => rule == "QueueStuck");
        var command = ModelCommand.Build();

        var trained = await Invoked.RunAsync(command, "train", "--state", _state.FullName, "--stories", "200");
        var listed = await Invoked.RunAsync(command, "list", "--state", _state.FullName);

        Assert.True(trained.Code == 0, trained.Error);
        Assert.Contains("\"version\": \"v1\"", trained.Output, StringComparison.Ordinal);
        Assert.Contains("`model use v1` puts it in use", trained.Output, StringComparison.Ordinal);
        Assert.Equal(["version", "v1", "v1", "v1", "shipped", "in", "drift:", "24"], listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
        Assert.Contains("in use: shipped; 24 labels, 24 of them new", listed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "--state: there is no ")]
    [InlineData("train", "--state: there is no ")]
    public async Task CommandLine_FolderWithoutAJournal_Is2(string verb, string says)
    {
        var run = await Invoked.RunAsync(ModelCommand.Build(), verb, "--state", _state.FullName);

        Assert.Equal(2, run.Code);
        Assert.StartsWith(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandLine_AsksARunningServerWithItsKey()
    {
        await using var world = await Site.StartAsync(_state.FullName, options => options.Server.ApiKeys.Add("ci:0123456789abcdef"));
        var key = Path.Combine(_state.FullName, "key");
        await File.WriteAllTextAsync(key, "0123456789abcdef\n", TestContext.Current.CancellationToken);
        var server = world.Http.BaseAddress!.ToString();

        var refused = await Invoked.RunAsync(ModelCommand.Build(), "train", "--server", server);
        var taken = await Invoked.RunAsync(ModelCommand.Build(), "train", "--server", server, "--key-file", key);
        await world.TrainedAsync();
        var unknown = await Invoked.RunAsync(ModelCommand.Build(), "use", "v4", "--server", server, "--key-file", key);
        var listed = await Invoked.RunAsync(ModelCommand.Build(), "list", "--server", server);

        Assert.Equal((1, 0, 1, 0), (refused.Code, taken.Code, unknown.Code, listed.Code));
        Assert.StartsWith("401: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("model v4: is not on the shelf; there are shipped", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("v1 for api-key:ci from 0 labels: refused, ", listed.Output, StringComparison.Ordinal);
    }

    private static async Task<double> ProbabilityAsync(World world, string rule, int node)
    {
        await world.FireAsync(rule, node);
        await world.StepAsync(2);
        return world.Snapshot.Alerts.Values.Single(view => view.Alert.Labels["node"] == $"site-{node}").Actionability;
    }

    private static string Told(LabelledAlert label) => $"{label.IncidentId} {label.Thing} {label.WasWorthIt} {label.Weight} {label.FiredAt:O} {label.SaidAt:O} {label.Probability} {Text(label.Features)}";

    private static string Text(float[] features) => string.Join(' ', features);
}
