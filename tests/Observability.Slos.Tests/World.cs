using Microsoft.Extensions.Logging.Abstractions;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Slos.Tests;

/// <summary>An engine over scripted queries, with what it wrote.</summary>
internal sealed class World : ISloOutput, ISampleAppender
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public World(SloSpec slo, SloOptions? options = null)
    {
        Engine = new SloEngine([slo], Queries, this, this, NullLogger<SloEngine>.Instance, options);
        Now = Start;
    }

    public ScriptedQueries Queries { get; } = new();

    public SloEngine Engine { get; }

    public DateTimeOffset Now { get; set; }

    public List<Alert> Alerts { get; } = [];

    public List<BudgetBurn> Burns { get; } = [];

    public SampleBatch? Last { get; private set; }

    public ErrorBudget Budget => Engine.Budgets[0];

    public static SloSpec Slo(SliSpec indicator, double target = 0.99, double days = 30) => new()
    {
        Id = "s",
        DisplayName = "S",
        Service = "svc",
        Indicator = indicator,
        Target = target,
        Window = TimeSpan.FromDays(days),
        Source = new SourceLine("s.yaml", 1),
    };

    public static SloSpec Raw(double target = 0.99, double days = 30) => Slo(new SliSpec { RawSuccess = "raw" }, target, days);

    /// <summary>Evaluates once a minute with one success ratio.</summary>
    public async Task RunAsync(int minutes, double success)
    {
        Queries.Set("raw", success);
        for (var i = 0; i < minutes; i++)
            await StepAsync();
    }

    public async Task StepAsync(double minutes = 1)
    {
        await Engine.EvaluateAsync(Now, CancellationToken.None);
        Now = Now.AddMinutes(minutes);
    }

    public void Post(Alert alert) => Alerts.Add(alert);

    public void Post(BudgetBurn burn) => Burns.Add(burn);

    public void Append(SampleBatch batch) => Last = batch;
}
