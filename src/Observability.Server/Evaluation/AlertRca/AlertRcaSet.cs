using System.Text.Json.Nodes;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// Recorded incidents of systems with a typed topology: alerts in, ranked entities out, system by system in the order of time. Of earlier
/// incidents only their alerts are used.
/// <code>{"case":"Online-Boutique-cloudbed-1/12","ranking":[{"id":"node-6","score":4.1}]}</code>
/// </summary>
internal sealed class AlertRcaSet : ILabelledSet
{
    /// <inheritdoc/>
    public string Name => "alert-rca-kg";

    /// <inheritdoc/>
    public IEnumerable<JsonObject> Answer(string path, Action<string> trouble) => AlertRcaSystem.Below(path, trouble).SelectMany(Answer);

    /// <inheritdoc/>
    public EvalScore Score(string path, IReadOnlyList<JsonObject> answers) => AlertRcaScore.Of(path, answers);

    private static IEnumerable<JsonObject> Answer(AlertRcaSystem system)
    {
        var ranker = new RankByAlerts(system.Graph);
        foreach (var one in system.Cases)
        {
            yield return Ranking.Answer($"{system.Name}/{one.Id}", ranker.Rank(one.Alerts));
            ranker.Remember(one.Alerts);
        }
    }
}
