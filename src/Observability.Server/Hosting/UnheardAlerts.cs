using Observability.Alerting;
using Observability.Model;

namespace Observability.Server;

/// <summary>Where alerts of rules go that are only checked or tested.</summary>
internal sealed class UnheardAlerts : IAlertOutput
{
    public void Post(Alert alert)
    {
    }
}
