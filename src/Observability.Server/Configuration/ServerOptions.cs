using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>Front doors of the server.</summary>
public sealed class ServerOptions
{
    /// <summary><c>brain</c>, <c>agent</c> or <c>collector</c>.</summary>
    [AllowedValues(ServerRole.Brain, ServerRole.Agent, ServerRole.Collector, ErrorMessage = "must be brain, agent or collector")]
    public string Role { get; set; } = ServerRole.Brain;

    /// <summary>Address and port to listen on. Anything but loopback needs at least one API key.</summary>
    [Required]
    public string Listen { get; set; } = "127.0.0.1:7070";

    /// <summary>Address and port for OTLP over gRPC without TLS, usually port 4317; empty for none. The rule for API keys is that of <see cref="Listen"/>.</summary>
    public string OtlpGrpcListen { get; set; } = "";

    /// <summary>Folder for journal and series; empty for memory only.</summary>
    public string State { get; set; } = "state";

    /// <summary>Keys that may write, each as <c>name:secret</c>. Where there are none, writing is open on loopback only.</summary>
    [Secret]
    public List<string> ApiKeys { get; set; } = [];

    /// <summary>Largest request body in bytes.</summary>
    [Range(1_024, 1_073_741_824)]
    public int MaximumBodyBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Secret that Slack signs interactions with; empty refuses them all.</summary>
    [Secret]
    public string SlackSigningSecret { get; set; } = "";

    /// <summary>Secret that webhooks of GitHub, GitLab and Argo CD prove themselves with; empty refuses them all.</summary>
    [Secret]
    public string WebhookSecret { get; set; } = "";

    /// <summary>The URL that people reach the console under, for links in messages.</summary>
    [Required, HttpUrl]
    public string ExternalUrl { get; set; } = "http://127.0.0.1:7070";
}
