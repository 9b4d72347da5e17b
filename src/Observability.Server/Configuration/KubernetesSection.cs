namespace Observability.Server;

/// <summary>Which Kubernetes cluster is read, and as whom: by URL, by a kubeconfig, or as a pod of it.</summary>
public sealed class KubernetesSection
{
    /// <summary>URL of the API server; empty for none.</summary>
    [HttpUrl]
    public string Url { get; set; } = "";

    /// <summary>Path of a kubeconfig; empty for none.</summary>
    public string Kubeconfig { get; set; } = "";

    /// <summary>Which of its contexts; empty for its current one.</summary>
    public string Context { get; set; } = "";

    /// <summary>Whether this process is a pod of the cluster and reads it with its service account.</summary>
    public bool InCluster { get; set; }

    /// <summary>File that holds the bearer token, read anew with every request; empty for none.</summary>
    [Secret]
    public string TokenFile { get; set; } = "";

    /// <summary>PEM file of the authority that signed the server's certificate; empty for those that the machine trusts.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Whether any certificate of the server will do.</summary>
    public bool InsecureSkipTlsVerify { get; set; }

    /// <summary>Whether a program that the kubeconfig names may be run for credentials.</summary>
    public bool Exec { get; set; }

    /// <summary>Whether job objects are followed besides nodes and pods.</summary>
    public bool Jobs { get; set; } = true;

    /// <summary>Node labels that name racks and switches, each as <c>kind:label</c>, the nearest to the node first.</summary>
    public List<string> Tiers { get; set; } = [];
}
