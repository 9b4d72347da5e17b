using Microsoft.Extensions.Logging.Abstractions;
using Observability.Alerting;
using Observability.Content;
using Observability.Metrics;
using Observability.Model;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>The rules of Prometheus's alert-generator compliance suite over series of our own, scraped every 15 s: what is pending, fires and ends, and when it is told.</summary>
public sealed class AlertGeneratorTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_643_114_400);

    private readonly SeriesStore _store = new(new MetricsOptions());
    private readonly Heard _heard = new();
    private readonly List<(LabelSet Labels, Func<int, double?> At)> _series = [];
    private RuleEvaluator _evaluator = null!;

    public ValueTask InitializeAsync()
    {
        var file = Path.Combine(SharedData.Folder("rules"), "compliance-alert-generator", "alert_generator", "rules.yaml");
        Assert.SkipUnless(File.Exists(file), $"{file} is absent; it is data beside the repository");
        _evaluator = new RuleEvaluator(new EmbeddedQueryEngine(_store), _store, _heard, new RuleOptions(), NullLogger<RuleEvaluator>.Instance);
        Assert.Empty(_evaluator.Reload(RuleFileReader.Read(new ContentFile("rules.yaml", File.ReadAllText(file))).Value));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task SimpleAlert_IsPendingSixMinutes_FiresAndIsResolvedAtOnce()
    {
        Feed("PendingAndFiringAndResolved_SimpleAlert", "PendingAndFiringAndResolved", second => second is >= 120 and < 900 ? 15 : 5);

        await RunAsync(0, 450);
        Assert.Equal((RuleState.Pending, Start.AddSeconds(120)), State("PendingAndFiringAndResolved_SimpleAlert"));
        Assert.Empty(_heard.Alerts);
        await RunAsync(465, 480);
        Assert.Equal((RuleState.Firing, Start.AddSeconds(120)), State("PendingAndFiringAndResolved_SimpleAlert"));
        await RunAsync(495, 1200);

        // The first at 480 s, then one a minute, which is the resend delay, and the end once.
        Assert.Equal([480, 540, 600, 660, 720, 780, 840], _heard.Firing.Select(Second));
        Assert.All(_heard.Firing, alert => Assert.Equal((480, 240), (Second(alert.StartsAt), (int)(alert.EndsAt!.Value - alert.UpdatedAt).TotalSeconds)));
        var resolved = Assert.Single(_heard.Alerts, alert => alert.State == AlertState.Resolved);
        Assert.Equal((480, 900), (Second(resolved.StartsAt), Second(resolved.EndsAt!.Value)));
        Assert.Equal("The value is 15 15", _heard.Alerts[0].Annotations["summary"]);
        Assert.Equal("bar", _heard.Alerts[0].Labels["foo"]);
        Assert.EndsWith("/graph?g0.expr=%7B__name__%3D%22alert_generator_test_suite%22%2C+alertname%3D%22PendingAndFiringAndResolved_SimpleAlert%22%2C+rulegroup%3D%22PendingAndFiringAndResolved%22%7D+%3E+10&g0.tab=1", _heard.Alerts[0].GeneratorUrl);
    }

    [Fact]
    public async Task RuleOverAlerts_FiresInTheCycleInWhichTheFirstRuleDoes()
    {
        Feed("NewAlerts_OrderCheck_Rule1", "NewAlerts_OrderCheck", second => second >= 60 ? 11 : 0, ("variant", "one"));
        Feed("NewAlerts_OrderCheck_Rule1", "NewAlerts_OrderCheck", second => second >= 60 ? 12 : 0, ("variant", "two"));

        await RunAsync(0, 240);

        Assert.Equal(["NewAlerts_OrderCheck_Rule1", "NewAlerts_OrderCheck_Rule1", "NewAlerts_OrderCheck_Rule2"], _heard.Alerts.Select(alert => alert.Name));
        Assert.Equal([240, 240, 240], _heard.Alerts.Select(Second));
        Assert.Equal("Based on ALERTS. Old alertname was NewAlerts_OrderCheck_Rule1. foo was bar.", _heard.Alerts[2].Annotations["description"]);
        Assert.Equal(("baz", "tss"), (_heard.Alerts[2].Labels["foo"], _heard.Alerts[2].Labels["ba_dum"]));
    }

    [Fact]
    public async Task AlertThatIsOnlyPending_IsNeverTold_AndItsSeriesEnds()
    {
        Feed("PendingAndResolved_AlwaysInactive_PendingAlert", "PendingAndResolved_AlwaysInactive", second => second is >= 60 and < 210 ? 11 : 0);
        Feed("PendingAndResolved_AlwaysInactive_InactiveAlert", "PendingAndResolved_AlwaysInactive", _ => 98);

        await RunAsync(0, 150);
        var pending = await AlertsAsync(150);
        Assert.Equal(["PendingAndResolved_AlwaysInactive_PendingAlert 1"], pending);
        await RunAsync(165, 600);
        Assert.Empty(await AlertsAsync(210));
        Assert.Empty(_heard.Alerts);
        Assert.Empty(_evaluator.ActiveAlerts);
    }

    [Fact]
    public async Task ZeroAndSmallFor_FireAtOnceAndAtTheNextInterval_WithEveryTemplateFunction()
    {
        Feed("ZeroFor_SmallFor_ZeroFor", "ZeroFor_SmallFor", second => second >= 60 ? 14 : 0);
        Feed("ZeroFor_SmallFor_SmallFor", "ZeroFor_SmallFor", second => second >= 60 ? 14 : 0);
        for (var id = 3; id > 0; id--)
            Feed("", "ZeroFor_SmallFor", _ => 5, ("for", "template"), ("id", $"{id}"));

        await RunAsync(0, 105);

        Assert.Equal([("ZeroFor_SmallFor_ZeroFor", 60), ("ZeroFor_SmallFor_SmallFor", 90)], _heard.Alerts.Select(alert => (alert.Name, Second(alert))));
        Assert.Equal("Args are: foo bar 99. first_id:1,1:5,2:5,3:5,", _heard.Alerts[0].Annotations["template_query_test"]);
        Assert.Equal("1.049M 1Mi 2m 15s 95.9% 2022-01-25 12:36:43 +0000 UTC", _heard.Alerts[0].Annotations["template_test"]);
        Assert.Equal("This Part IS TESTING the strings. ::1 127.0.0.1. 7815. replaced text. .", _heard.Alerts[1].Annotations["template_test"]);
    }

    private static int Second(Alert alert) => Second(alert.UpdatedAt);

    private static int Second(DateTimeOffset at) => (int)(at - Start).TotalSeconds;

    private void Feed(string alert, string group, Func<int, double?> at, params (string, string)[] labels)
    {
        (string, string)[] own = alert.Length == 0 ? [] : [("alertname", alert)];
        _series.Add((LabelSet.Of([("__name__", "alert_generator_test_suite"), ("rulegroup", group), .. own, .. labels]), at));
    }

    // Scrape, then rules, every 15 s; both ends included.
    private async Task RunAsync(int from, int to)
    {
        for (var second = from; second <= to; second += 15)
        {
            var now = Start.AddSeconds(second);
            var samples = _series.Where(series => series.At(second) is not null)
                .Select(series => new SeriesSample(series.Labels, new Sample(now.ToUnixTimeMilliseconds(), series.At(second)!.Value)));
            _store.Append(new SampleBatch("test", now, [.. samples]));
            await _evaluator.EvaluateDueAsync(now, TestContext.Current.CancellationToken);
        }
    }

    private (RuleState State, DateTimeOffset Since) State(string alert)
    {
        var active = Assert.Single(_evaluator.ActiveAlerts, active => active.Labels["alertname"] == alert);
        return (active.State, active.ActiveAt);
    }

    private async Task<string[]> AlertsAsync(int second)
    {
        var result = await new EmbeddedQueryEngine(_store).QueryAsync("ALERTS", Start.AddSeconds(second), TestContext.Current.CancellationToken);
        return [.. result.Vector.Select(sample => $"{sample.Labels["alertname"]} {sample.Sample.Value}")];
    }

    private sealed class Heard : IAlertOutput
    {
        public List<Alert> Alerts { get; } = [];

        public IEnumerable<Alert> Firing => Alerts.Where(alert => alert.State == AlertState.Firing);

        public void Post(Alert alert) => Alerts.Add(alert);
    }
}
