using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Content;
using Observability.Model;
using Observability.Storage;

namespace Observability.Server;

/// <summary>Objectives, what is left of their budgets, and what each incident cost, from a running server or from its journal.</summary>
internal static class SloReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Asks <c>/api/slos</c> of a server.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or not with 200.</exception>
    public static async Task<IReadOnlyList<SloReportLine>> FromServerAsync(Uri server, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = server };
        var answer = await http.GetFromJsonAsync<SloAnswer>("api/slos", Json, cancellationToken)
            ?? throw new HttpRequestException("the answer is empty");
        return Lines(answer.Slos, answer.Budgets.ToDictionary(budget => budget.SloId, StringComparer.Ordinal), answer.Charges);
    }

    /// <summary>
    /// Reads a journal without becoming its leader. The journal holds what was used up, not what was measured, so attainment
    /// and burn rate are unknown here; what is left is the sum over the window that ends with the newest record.
    /// </summary>
    public static async Task<IReadOnlyList<SloReportLine>> FromJournalAsync(string path, ContentSet content, CancellationToken cancellationToken)
    {
        var burns = new List<BudgetBurn>();
        var charges = new Dictionary<(string Slo, string Incident), BudgetCharge>();
        var end = DateTimeOffset.MinValue;
        await foreach (var record in new JournalReader(path, new JournalOptions(), NullLogger.Instance).ReadAsync(0, cancellationToken))
        {
            end = record.At;
            if (record.Entry is BudgetBurned burned)
                burns.Add(burned.Burn);
            else if (record.Entry is BudgetCharged { Charge: { } charge })
                charges[(charge.SloId, charge.IncidentId)] = charge;
        }

        var budgets = content.Slos.Where(slo => burns.Any(burn => burn.SloId == slo.Id)).Select(slo => new ErrorBudget
        {
            SloId = slo.Id,
            At = end,
            Remaining = 1 - burns.Where(burn => burn.SloId == slo.Id && burn.To > end - slo.Window).Sum(burn => burn.BudgetShare),
        });
        return Lines([.. content.Slos], budgets.ToDictionary(budget => budget.SloId, StringComparer.Ordinal), [.. charges.Values]);
    }

    private static List<SloReportLine> Lines(IReadOnlyList<SloSpec> slos, Dictionary<string, ErrorBudget> budgets, IReadOnlyList<BudgetCharge> charges) =>
        [.. slos.Select(slo => (Slo: slo, Budget: budgets.GetValueOrDefault(slo.Id))).Select(one => new SloReportLine(
            one.Slo.Id, one.Slo.Target, OptionValue.Show(one.Slo.Window), one.Budget?.Attainment, one.Budget?.Remaining, one.Budget?.BurnRate,
            one.Budget is { Burning.IsDefault: false } budget ? [.. budget.Burning] : [],
            [.. charges.Where(charge => charge.SloId == one.Slo.Id).OrderByDescending(charge => charge.BudgetShare).ThenBy(charge => charge.IncidentId, StringComparer.Ordinal)]))];

    private sealed record SloAnswer(IReadOnlyList<SloSpec> Slos, IReadOnlyList<ErrorBudget> Budgets, IReadOnlyList<BudgetCharge> Charges);
}
