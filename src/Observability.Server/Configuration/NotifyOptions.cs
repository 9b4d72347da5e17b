namespace Observability.Server;

/// <summary>Who is told.</summary>
public sealed class NotifyOptions
{
    /// <summary>Channels.</summary>
    public List<ChannelOptions> Channels { get; set; } = [];

    /// <summary>Base URLs of Alertmanagers that get every alert, as they would from Prometheus.</summary>
    [HttpUrl]
    public List<string> Alertmanagers { get; set; } = [];
}
