using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>One channel.</summary>
public sealed class ChannelOptions
{
    /// <summary>Name in messages and metrics.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary><c>webhook</c>, <c>slack</c> or <c>feishu</c>.</summary>
    [Required, AllowedValues("webhook", "slack", "feishu", ErrorMessage = "must be webhook, slack or feishu")]
    public string Kind { get; set; } = "";

    /// <summary>Where to send. For chats the URL is all that a sender needs, so it is a secret.</summary>
    [Required, HttpUrl, Secret]
    public string Url { get; set; } = "";

    /// <summary>Signing secret: <c>whsec_…</c> for webhooks, the bot's secret for Feishu; empty for none.</summary>
    [Secret]
    public string Secret { get; set; } = "";
}
