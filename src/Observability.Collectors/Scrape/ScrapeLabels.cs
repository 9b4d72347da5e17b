using Observability.Model;

namespace Observability.Collectors;

/// <summary>Attaches a target's labels to what it exposes; its own label of the same name becomes <c>exported_</c>.</summary>
internal static class ScrapeLabels
{
    public static LabelSet Attach(LabelSet scraped, LabelSet target)
    {
        var collides = false;
        for (var i = 0; i < target.Count && !collides; i++)
            collides = scraped.Has(target.At(i).Key);
        return collides ? Renamed(scraped, target) : scraped.With(target);
    }

    private static LabelSet Renamed(LabelSet scraped, LabelSet target)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in scraped)
            labels[name] = value;
        foreach (var (name, value) in target)
        {
            if (labels.Remove(name, out var own))
                labels[FreeName(name, labels, target)] = own;
            labels[name] = value;
        }

        return LabelSet.From(labels);
    }

    private static string FreeName(string name, Dictionary<string, string> labels, LabelSet target)
    {
        do
        {
            name = "exported_" + name;
        }
        while (labels.ContainsKey(name) || target.Has(name));

        return name;
    }
}
