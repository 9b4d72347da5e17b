using Observability.Model;

namespace Observability.Collectors;

/// <summary>Where alerts of other systems go.</summary>
public interface IAlertSink
{
    /// <summary>Takes an alert; false where there is no room, and the sender must try again.</summary>
    bool TryPost(Alert alert);
}
