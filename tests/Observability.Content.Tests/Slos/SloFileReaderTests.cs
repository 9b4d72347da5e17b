using Observability.Model;

namespace Observability.Content.Tests;

public sealed class SloFileReaderTests
{
    private static readonly string Shared = Testing.SharedData.Folder("openslo/pkg/openslo");

    [Fact]
    public void Slo_OfV1WithReferences_ResolvesThemOverAllFiles()
    {
        var read = SloFileReader.Read(
            [
                new ContentFile("slo.yaml",
                    """
                    apiVersion: openslo/v1
                    kind: SLO
                    metadata: {name: goodput, displayName: Goodput, labels: {team: [a, b]}}
                    spec:
                      description: 95 % of the time is productive
                      service: training
                      indicatorRef: productive
                      timeWindow: [{duration: 1M, isRolling: false, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin}}]
                      budgetingMethod: RatioTimeslices
                      objectives: [{targetPercent: 95, timeSliceWindow: 5}]
                      alertPolicies: [{alertPolicyRef: fast}]
                    """),
                new ContentFile("rest.yaml",
                    """
                    - apiVersion: openslo/v1
                      kind: SLI
                      metadata: {name: productive}
                      spec:
                        ratioMetric:
                          counter: true
                          good: {metricSource: {type: Prometheus, spec: {query: good}}}
                          total: {metricSource: {type: Prometheus, spec: {query: total}}}
                    - apiVersion: openslo/v1
                      kind: AlertPolicy
                      metadata: {name: fast}
                      spec: {alertWhenBreaching: true, conditions: [{conditionRef: burns}], notificationTargets: [{targetRef: x}]}
                    - apiVersion: openslo/v1
                      kind: AlertCondition
                      metadata: {name: burns}
                      spec: {severity: page, condition: {kind: burnrate, op: lte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}}
                    """),
            ]);

        Assert.Equal([], read.Findings);
        Assert.Equal(["rest.yaml:16: op is lte: a budget burns when its rate is high, so it is read as gte"], read.Warnings.Select(w => w.ToString()));
        var slo = Assert.Single(read.Value);
        Assert.Equal([new BurnRateWindow(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4, "critical")], slo.BurnRates);
        Assert.Equal(
            new SloSpec
            {
                Id = "goodput",
                DisplayName = "Goodput",
                Service = "training",
                Description = "95 % of the time is productive",
                Indicator = new SliSpec { Good = "good", Total = "total", IsCounter = true },
                Target = 0.95,
                Window = TimeSpan.FromDays(30),
                CalendarStart = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(1)),
                CalendarMonths = 1,
                Method = BudgetingMethod.RatioTimeslices,
                TimeSlice = TimeSpan.FromMinutes(5),
                BurnRates = slo.BurnRates,
                Source = new SourceLine("slo.yaml", 5),
            },
            slo);
    }

    [Fact]
    public void Slo_OfV2AlphaWithTwoThresholds_GivesTwo()
    {
        var read = SloFileReader.Read(
            [
                new ContentFile("a",
                    """
                    apiVersion: openslo.com/v2alpha
                    kind: SLO
                    metadata: {name: mfu, annotations: {observability/burn-rates: google}}
                    spec:
                      service: training
                      sli: {metadata: {name: m}, spec: {thresholdMetric: {dataSourceRef: p, spec: {query: train_mfu_ratio}}}}
                      timeWindow: [{duration: 4w, isRolling: true}]
                      budgetingMethod: Timeslices
                      objectives:
                        - {displayName: good, op: gte, value: 0.35, target: 0.9, timeSliceTarget: 0.8, timeSliceWindow: 1m}
                        - {displayName: bad, op: gt, value: 0.1, target: 0.99, timeSliceTarget: 0.8, timeSliceWindow: 1m}
                    """),
            ]);

        Assert.Equal([], read.Findings);
        Assert.Equal(
            [("mfu-1", "mfu: good", 0.9, "gte", 0.35), ("mfu-2", "mfu: bad", 0.99, "gt", 0.1)],
            read.Value.Select(slo => (slo.Id, slo.DisplayName, slo.Target, slo.ThresholdOperator, slo.ThresholdValue)));
        Assert.Equal([13.44, 5.6, 0.9333], read.Value[0].BurnRates.Select(row => Math.Round(row.BurnRate, 4)));
    }

    [Fact]
    public void GoogleRows_Of30Days_AreTheWorkbooks()
    {
        var read = SloFileReader.Read(
            [
                new ContentFile("a",
                    """
                    apiVersion: openslo/v1
                    kind: SLO
                    metadata: {name: a, annotations: {observability/burn-rates: google}}
                    spec:
                      service: s
                      indicator: {spec: {ratioMetric: {rawType: failure, raw: {metricSource: {spec: {query: errors}}}}}}
                      timeWindow: [{duration: 30d, isRolling: true}]
                      budgetingMethod: Occurrences
                      objectives: [{target: 0.999}]
                    """),
            ]);

        Assert.Equal([], read.Findings);
        Assert.Equal(
            [
                new BurnRateWindow(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4, "critical"),
                new BurnRateWindow(TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), 6, "critical"),
                new BurnRateWindow(TimeSpan.FromDays(3), TimeSpan.FromHours(6), 1, "warning"),
            ],
            read.Value[0].BurnRates.Select(row => row with { BurnRate = Math.Round(row.BurnRate, 9) }));
        Assert.Equal(new SliSpec { RawFailure = "errors" }, read.Value[0].Indicator);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2alpha")]
    public void SharedExamples_OfTheSdk_AreRead(string version)
    {
        var folder = Path.Combine(Shared, version, "examples");
        Assert.SkipUnless(Directory.Exists(folder), $"the OpenSLO examples are not at {folder}");
        var files = Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
            .Select(path => new ContentFile(Path.GetFileName(path), File.ReadAllText(path))).ToArray();

        var read = SloFileReader.Read(files);

        Assert.Equal([], read.Findings);
        Assert.NotEmpty(read.Value);
    }
}
