using Observability.Model;

namespace Observability.Alerting;

/// <summary>Keeps the alerts of a group while other groups are evaluated beside it. One group's rules run one by one, so it needs no lock.</summary>
internal sealed class GroupOutput(IAlertOutput output) : IAlertOutput
{
    private readonly List<Alert> _held = [];

    public void Post(Alert alert) => _held.Add(alert);

    /// <summary>Hands on what is kept.</summary>
    public void Release()
    {
        _held.ForEach(output.Post);
        _held.Clear();
    }
}
