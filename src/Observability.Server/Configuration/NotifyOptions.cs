namespace Observability.Server;

/// <summary>Who is told.</summary>
public sealed class NotifyOptions
{
    /// <summary>Channels.</summary>
    public List<ChannelOptions> Channels { get; set; } = [];
}
