using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>The shortest and longest duration a key may have, written as in the file: <c>1s</c>, <c>5m</c>, <c>15d</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string minimum, string maximum) : ValidationAttribute($"is outside {minimum} to {maximum}")
{
    /// <summary>Least value.</summary>
    public string Minimum => minimum;

    /// <summary>Largest value.</summary>
    public string Maximum => maximum;

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is TimeSpan span
        && OptionValue.TryDuration(minimum, out var least) && OptionValue.TryDuration(maximum, out var most) && span >= least && span <= most;
}
