namespace Observability.Server;

/// <summary>How targets are discovered.</summary>
public enum DiscoveryKind
{
    /// <summary>Files with target groups in JSON or YAML.</summary>
    File,

    /// <summary>A, AAAA or SRV records.</summary>
    Dns,

    /// <summary>A URL of HTTP service discovery.</summary>
    Http,

    /// <summary>Pods, endpoints or nodes of an API server.</summary>
    Kubernetes,
}
