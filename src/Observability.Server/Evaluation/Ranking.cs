using System.Text.Json.Nodes;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>Rankings as they are answered and scored: <c>{"case": "…", "ranking": [{"id": "…", "score": 41.5}, …]}</c>.</summary>
internal static class Ranking
{
    // Whoever reads the answer wants to know why of the first few.
    private const int Explained = 3;

    /// <summary>The answer of a case; an empty ranking abstains.</summary>
    public static JsonObject Answer(string name, IReadOnlyList<RankedNode> ranking) => new()
    {
        ["case"] = name,
        ["ranking"] = new JsonArray([.. ranking.Select((node, at) => (JsonNode)Node(node, at < Explained))]),
    };

    /// <summary>The scores of an answer by node.</summary>
    public static IReadOnlyDictionary<string, double> Scores(JsonObject answer) =>
        answer["ranking"]!.AsArray().ToDictionary(node => (string)node!["id"]!, node => (double)node!["score"]!, StringComparer.Ordinal);

    /// <summary>
    /// Probability that the truth is among the first k where ties are broken at random: <c>clamp((k - better) / tied, 0, 1)</c>. A truth that
    /// is not ranked is a miss.
    /// </summary>
    public static double Hit(IReadOnlyDictionary<string, double> scores, string truth, int k)
    {
        if (!scores.TryGetValue(truth, out var own))
            return 0;
        var better = scores.Values.Count(score => score > own);
        var tied = scores.Values.Count(score => score == own);
        return Math.Clamp((k - better) / (double)tied, 0, 1);
    }

    private static JsonObject Node(RankedNode node, bool isExplained)
    {
        var json = new JsonObject { ["id"] = node.Id, ["score"] = node.Score };
        if (isExplained)
            json["evidence"] = new JsonArray([.. node.Evidence.Select(line => (JsonNode)line)]);
        return json;
    }
}
