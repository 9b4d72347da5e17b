using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>Where an agent or a collector sends what it reads.</summary>
public sealed class ForwardSection
{
    /// <summary>Base URL of the platform; required for the roles agent and collector.</summary>
    [HttpUrl]
    public string Url { get; set; } = "";

    /// <summary>Secret of one of the platform's API keys, without its name.</summary>
    [Secret]
    public string ApiKey { get; set; } = "";

    /// <summary>Most bytes that wait on disk while the platform does not answer; beyond it the oldest go.</summary>
    [Range(1_048_576L, 1_099_511_627_776L)]
    public long BufferBytes { get; set; } = 1L << 30;
}
