using Observability.Model;

namespace Observability.Collectors;

/// <summary>One endpoint to scrape.</summary>
/// <param name="Url">Where it answers.</param>
/// <param name="Labels">Labels of all its series: <c>job</c>, <c>instance</c>, <c>node</c>.</param>
public sealed record ScrapeTarget(Uri Url, LabelSet Labels)
{
    /// <summary>Whether a label that the target exposes goes before the target's own of the same name, as federation needs it.</summary>
    public bool HonorLabels { get; init; }

    /// <summary>A target whose <c>instance</c> is the URL's host and port unless the labels say otherwise.</summary>
    public static ScrapeTarget Of(Uri url, LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(labels);
        return new ScrapeTarget(url, labels.Has("instance") ? labels : labels.With("instance", url.Authority));
    }

    /// <summary>URL and labels as one text: what targets are sorted by and what their phase is drawn from.</summary>
    internal string Key => $"{Url.AbsoluteUri} {Labels}{(HonorLabels ? " honor" : "")}";
}
