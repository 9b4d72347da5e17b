using System.Text.Json;
using Observability.Testing;

namespace Observability.Incidents.Tests;

public sealed class ShippedModelsTests
{
    private static CauseReport Report()
    {
        using var stream = ShippedModels.Open("root-cause.report.json");
        return JsonSerializer.Deserialize<CauseReport>(stream)!;
    }

    [Fact]
    public void Report_SpeaksOfTheDataThatItsSeedsGive()
    {
        var calibrate = Report().Parts.Single(part => part.Part == nameof(SyntheticPart.Calibrate));

        var incidents = SyntheticIncidents.Generate(calibrate.Stories, SyntheticPart.Calibrate, calibrate.Seed);

        Assert.Equal((calibrate.Judgements, calibrate.Digest), (incidents.Count, CauseReport.Digest(incidents)));
    }

    [Fact]
    public void Report_IsOfTheShippedModel()
    {
        var report = Report();

        Assert.Equal(report.AbstainBelow, CauseModel.Shipped().AbstainBelow);
        Assert.True(report.Top1 > report.Baselines.MostCauseAlerts && report.Top1 > report.Baselines.EarliestAlert && report.Top1 > report.Baselines.MostAlerts);
        Assert.True(report.Top1 >= 0.95, $"top-1 on unseen fleets is {report.Top1}");
        Assert.True(report.AnsweredRight >= 0.9, $"{report.AnsweredRight} of the answers are right");
    }

    [Fact]
    public void Parts_ShareNeitherSeedNorFleet()
    {
        var parts = Report().Parts;

        Assert.Equal(parts.Count, parts.Select(part => part.Seed).Distinct().Count());
        var shapes = Enum.GetValues<SyntheticPart>().SelectMany(FleetShape.Of).ToArray();
        Assert.Equal(shapes.Length, shapes.Distinct().Count());
    }

    [Fact]
    public void AccuracyPage_BeginsWithTheReports()
    {
        var page = Path.Combine(SharedData.RepositoryRoot(), "docs", "accuracy.md");

        Assert.StartsWith(AccuracyPage.Of(Report()), File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingModel_IsNamed() =>
        Assert.Equal("the shipped model none.zip is missing from the assembly", Assert.Throws<FileNotFoundException>(() => ShippedModels.Open("none.zip")).Message);
}
