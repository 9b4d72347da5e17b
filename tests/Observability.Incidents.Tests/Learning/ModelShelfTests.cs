using Observability.Model;

namespace Observability.Incidents.Tests.Learning;

public sealed class ModelShelfTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "shelf-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Versions_AreKeptBesideEachOther_AndFoundAgain()
    {
        var shelf = ModelShelf.Open(_folder);
        Assert.Equal(("v1", "shipped"), (shelf.NextVersion(), Assert.Single(shelf.Versions).Version));
        shelf.Save(Trained("v1"));
        shelf.Save(Trained("v2"));

        var again = ModelShelf.Open(_folder);

        Assert.Equal(["v2", "v1", "shipped"], again.Versions.Select(model => model.Version));
        Assert.Equal("v3", again.NextVersion());
        Assert.Equal("v1", again.Find("v1")!.Version);
        Assert.Null(again.Find("v9"));
        Assert.ThrowsAny<IOException>(() => again.Save(Trained("v2")));
    }

    [Fact]
    public void VersionThatComesLater_IsFoundAfterARefresh()
    {
        var (shelf, other) = (ModelShelf.Open(_folder), ModelShelf.Open(_folder));
        other.Save(Trained("v1"));
        Assert.Null(shelf.Find("v1"));

        shelf.Refresh();

        Assert.NotNull(shelf.Find("v1"));
    }

    [Fact]
    public void DamagedVersions_AreNamedAndLeftOut()
    {
        var shelf = ModelShelf.Open(_folder);
        foreach (var version in (string[])["v1", "v2", "v3", "v4"])
            shelf.Save(Trained(version));
        File.WriteAllText(Path.Combine(_folder, "v1", "model.json"), "{");
        File.WriteAllText(Path.Combine(_folder, "v2", "model.zip"), "no model");
        File.WriteAllText(Path.Combine(_folder, "v3", "model.json"), File.ReadAllText(Path.Combine(_folder, "v3", "model.json")).Replace("\"rule_rate\"", "\"another\"", StringComparison.Ordinal));

        var again = ModelShelf.Open(_folder);

        Assert.Equal(["v4", "shipped"], again.Versions.Select(model => model.Version));
        Assert.Equal(["v1", "v2", "v3"], again.Faults.Keys.Order());
        Assert.EndsWith("train anew", again.Faults["v2"], StringComparison.Ordinal);
        Assert.Contains("features that differ", again.Faults["v3"], StringComparison.Ordinal);
    }

    private static TrainedActionability Trained(string version)
    {
        var trained = ActionabilityTrainer.Train(new ActionabilityTraining { Version = version, Stories = 100 }, LearningData.Empty, null);
        return trained with { Card = trained.Card with { Model = trained.Card.Model with { Parent = ModelVersion.Shipped } } };
    }
}
