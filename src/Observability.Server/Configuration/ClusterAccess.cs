using Observability.Collectors;
using Observability.Content;

namespace Observability.Server;

/// <summary>How the cluster of <c>collect.kubernetes</c> is reached, or why it cannot be.</summary>
internal static class ClusterAccess
{
    private const string Section = "collect.kubernetes";

    /// <summary>The access; null where none is named or one of <paramref name="faults"/> stands against it.</summary>
    public static KubernetesAccess? Of(KubernetesSection section, out IReadOnlyList<(string Key, string Fault)> faults)
    {
        var found = new List<(string Key, string Fault)>();
        faults = found;
        if ((section.Url.Length > 0 ? 1 : 0) + (section.Kubeconfig.Length > 0 ? 1 : 0) + (section.InCluster ? 1 : 0) > 1)
            found.Add((Section, "has more than one of url, kubeconfig and in_cluster; keep one of them"));
        if (section.Context.Length > 0 && section.Kubeconfig.Length == 0)
            found.Add(($"{Section}.context", $"is '{section.Context}' without a kubeconfig; name the file, or remove it"));
        if (section.Kubeconfig.Length > 0 && (section.TokenFile.Length > 0 || section.CaFile.Length > 0))
            found.Add(($"{Section}.kubeconfig", "says who asks and whom to trust; remove token_file and ca_file"));
        if (found.Count > 0)
            return null;
        var access = section.InCluster ? KubernetesAccess.InCluster()
            : section.Kubeconfig.Length > 0 ? FromFile(section, found)
            : Uri.TryCreate(section.Url, UriKind.Absolute, out var url) ? new KubernetesAccess(url)
            : null;
        return access is null ? null : access with
        {
            Authority = section.CaFile.Length > 0 ? PemSource.File(section.CaFile) : access.Authority,
            TokenFile = section.TokenFile.Length > 0 ? section.TokenFile : access.TokenFile,
            SkipsVerification = section.InsecureSkipTlsVerify,
        };
    }

    private static KubernetesAccess? FromFile(KubernetesSection section, List<(string Key, string Fault)> faults)
    {
        const string Key = $"{Section}.kubeconfig";
        try
        {
            var read = Kubeconfig.Read(new ContentFile(section.Kubeconfig, File.ReadAllText(section.Kubeconfig)), section.Context);
            faults.AddRange(read.Findings.Select(finding => (Key, finding.ToString())));
            if (read.Value is not { } context)
                return null;
            if (context.SkipsVerification && !section.InsecureSkipTlsVerify)
                faults.Add((Key, $"{context.At}: insecure-skip-tls-verify lets anybody in between read the token; give the cluster's certificate-authority, or set {Section}.insecure_skip_tls_verify"));
            if (!context.Command.IsEmpty && !section.Exec)
                faults.Add((Key, $"{context.At}: runs {context.Command[0]} for credentials; set {Section}.exec to allow it"));
            return faults.Count > 0 ? null : Access(context);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add((Key, fault.Message));
            return null;
        }
    }

    private static KubernetesAccess Access(KubeconfigContext context) => new(new Uri(context.Server))
    {
        Authority = new PemSource(context.Authority.Path, context.Authority.Pem),
        ServerName = context.ServerName,
        Certificate = new PemSource(context.Certificate.Path, context.Certificate.Pem),
        Key = new PemSource(context.Key.Path, context.Key.Pem),
        Token = context.Token,
        TokenFile = context.TokenFile,
        Plugin = context.Command.IsEmpty ? null
            : new KubernetesPlugin(context.Command[0], context.Command[1..], context.CommandEnvironment, context.CommandVersion),
    };
}
