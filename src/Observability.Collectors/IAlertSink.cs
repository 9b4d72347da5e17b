using Observability.Model;

namespace Observability.Collectors;

/// <summary>Where alerts of other systems go.</summary>
public interface IAlertSink
{
    /// <summary>Takes one alert; false where there is no room now, so that the sender is told to repeat.</summary>
    bool TryPost(Alert alert);
}
