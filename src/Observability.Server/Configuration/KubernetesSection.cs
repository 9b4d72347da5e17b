namespace Observability.Server;

/// <summary>The Kubernetes cluster that is read.</summary>
public sealed class KubernetesSection
{
    /// <summary>URL of the API server; empty for none.</summary>
    [HttpUrl]
    public string Url { get; set; } = "";

    /// <summary>File that holds the bearer token, read anew with every request; empty for none.</summary>
    [Secret]
    public string TokenFile { get; set; } = "";

    /// <summary>Node labels that name racks and switches, each as <c>kind:label</c>, the nearest to the node first.</summary>
    public List<string> Tiers { get; set; } = [];
}
