namespace Observability.Collectors;

/// <summary>Where an API server is, whom it is believed to be, and who asks it.</summary>
/// <param name="Url">Its URL.</param>
public sealed record KubernetesAccess(Uri Url)
{
    /// <summary>Certificates that its own must lead to; none for those that the machine trusts.</summary>
    public PemSource Authority { get; init; } = PemSource.None;

    /// <summary>The name that its certificate must bear; empty for that of the URL.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>Whether any certificate will do. Whoever stands in between then reads the token.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>The certificate to show, followed by those between it and its authority; none for none.</summary>
    public PemSource Certificate { get; init; } = PemSource.None;

    /// <summary>The key of <see cref="Certificate"/>.</summary>
    public PemSource Key { get; init; } = PemSource.None;

    /// <summary>A bearer token; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>File of a bearer token, read anew with every request because tokens of service accounts expire; it goes before <see cref="Token"/>.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>A program that gives a token or a certificate; null for none.</summary>
    public KubernetesPlugin? Plugin { get; init; }

    /// <summary>What every pod is given: the API server by its name in the cluster, the account's token and the cluster's authority.</summary>
    /// <param name="folder">Where they are mounted.</param>
    public static KubernetesAccess InCluster(string folder = "/var/run/secrets/kubernetes.io/serviceaccount") => new(new Uri("https://kubernetes.default.svc"))
    {
        Authority = PemSource.File(Path.Combine(folder, "ca.crt")),
        TokenFile = Path.Combine(folder, "token"),
    };

    // A record's own ToString would write the token into whatever logs it.
    /// <inheritdoc/>
    public override string ToString() => Url.ToString();
}
