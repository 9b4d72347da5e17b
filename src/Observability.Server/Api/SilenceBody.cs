using Observability.Model;

namespace Observability.Server;

/// <summary>A silence in Alertmanager's shape.</summary>
internal sealed record SilenceBody
{
    /// <summary>At least one.</summary>
    public IReadOnlyList<MatcherBody> Matchers { get; init; } = [];

    /// <summary>From when; now where it is absent.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Who asks for it; the caller's name where it is absent.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Why.</summary>
    public string Comment { get; init; } = "";

    /// <summary>What is wrong with the matchers; null where all can be read.</summary>
    public string? Fault()
    {
        foreach (var matcher in Matchers)
        {
            if (string.IsNullOrEmpty(matcher?.Name) || matcher.Value is null)
                return "matchers: every matcher needs a name and a value";
            try
            {
                _ = new LabelMatcher(matcher.Name, matcher.Value, matcher.IsRegex, matcher.IsEqual);
            }
            catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
            {
                return $"matchers: '{matcher.Value}' is not a regular expression: {fault.Message}";
            }
        }

        return null;
    }

    /// <summary>The silence, with an identity derived from who asks, when and for what.</summary>
    public Silence ToSilence(string actor, DateTimeOffset at)
    {
        var name = LabelSet.Of(("actor", actor), ("at", at.ToString("O")), ("what", string.Join(",", Matchers)), ("to", EndsAt.ToString("O")));
        return new Silence
        {
            Id = $"{name.Fingerprint():x16}",
            Matchers = [.. Matchers.Select(matcher => new LabelMatcher(matcher.Name, matcher.Value, matcher.IsRegex, matcher.IsEqual))],
            StartsAt = StartsAt ?? at,
            EndsAt = EndsAt,
            CreatedBy = CreatedBy ?? actor,
            Comment = Comment,
        };
    }

    /// <summary>One condition.</summary>
    internal sealed record MatcherBody(string Name, string Value, bool IsRegex = false, bool IsEqual = true);
}
