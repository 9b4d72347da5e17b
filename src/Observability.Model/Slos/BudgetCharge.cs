using System.Globalization;

namespace Observability.Model;

/// <summary>What an incident cost an error budget.</summary>
/// <param name="SloId">The budget.</param>
/// <param name="IncidentId">The incident.</param>
/// <param name="At">When it was charged; a later charge of the same pair replaces an earlier one.</param>
/// <param name="BudgetShare">Share of the whole budget, 0.02 for 2 %.</param>
/// <param name="LostGpuHours">GPU hours that did nothing useful meanwhile.</param>
public sealed record BudgetCharge(string SloId, string IncidentId, DateTimeOffset At, double BudgetShare, double LostGpuHours)
{
    /// <summary>What an hour of a GPU cost then; null where nobody said.</summary>
    public GpuHourPrice? Price { get; init; }

    /// <summary>What the lost hours cost, in the price's currency; null where nobody said what an hour costs.</summary>
    public double? Cost => Price is { } price ? LostGpuHours * price.PerHour : null;

    /// <summary>The loss in words: <c>6.4 GPU hours, 15 USD</c>.</summary>
    public string TellLoss() => Price is { } price
        ? string.Create(CultureInfo.InvariantCulture, $"{LostGpuHours:0.0} GPU hours, {Cost:N0} {price.Currency}")
        : string.Create(CultureInfo.InvariantCulture, $"{LostGpuHours:0.0} GPU hours");
}
