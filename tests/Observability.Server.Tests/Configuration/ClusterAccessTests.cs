namespace Observability.Server.Tests;

public sealed class ClusterAccessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("access-");

    [Fact]
    public void EveryWay_BecomesAnAccess()
    {
        Assert.Null(ClusterAccess.Of(new KubernetesSection(), out var none));
        Assert.Empty(none);
        var byUrl = ClusterAccess.Of(new KubernetesSection { Url = "https://k:6443", TokenFile = "/t", CaFile = "/ca" }, out _)!;
        Assert.Equal(("https://k:6443/", "/t", "/ca", false), (byUrl.Url.ToString(), byUrl.TokenFile, byUrl.Authority.Path, byUrl.SkipsVerification));
        var pod = ClusterAccess.Of(new KubernetesSection { InCluster = true }, out _)!;
        Assert.Equal(("https://kubernetes.default.svc/", "/var/run/secrets/kubernetes.io/serviceaccount/token"), (pod.Url.ToString(), pod.TokenFile));
        var file = ClusterAccess.Of(Kubeconfig("{server: 'https://c', tls-server-name: n}", "{token: t}"), out _)!;
        Assert.Equal(("https://c/", "n", "t"), (file.Url.ToString(), file.ServerName, file.Token));
    }

    [Fact]
    public void DangerousParts_AreRefusedUntilTheyAreSaidHereToo()
    {
        var section = Kubeconfig("{server: 'https://c', insecure-skip-tls-verify: true}", "{exec: {apiVersion: client.authentication.k8s.io/v1, command: get-token, args: [a]}}");

        Assert.Null(ClusterAccess.Of(section, out var faults));

        Assert.Equal(
            [
                $"collect.kubernetes.kubeconfig: {section.Kubeconfig}:3: insecure-skip-tls-verify lets anybody in between read the token; give the cluster's certificate-authority, or set collect.kubernetes.insecure_skip_tls_verify",
                $"collect.kubernetes.kubeconfig: {section.Kubeconfig}:3: runs get-token for credentials; set collect.kubernetes.exec to allow it",
            ],
            faults.Select(fault => $"{fault.Key}: {fault.Fault}"));
        (section.InsecureSkipTlsVerify, section.Exec) = (true, true);
        var access = ClusterAccess.Of(section, out _)!;
        Assert.Equal((true, "get-token", "a"), (access.SkipsVerification, access.Plugin!.Command, Assert.Single(access.Plugin.Arguments)));
    }

    [Theory]
    [InlineData("http://k", "k.yaml", "", "collect.kubernetes: has more than one of url, kubeconfig and in_cluster; keep one of them")]
    [InlineData("", "", "gpu", "collect.kubernetes.context: is 'gpu' without a kubeconfig; name the file, or remove it")]
    public void Contradictions_AreRefused(string url, string kubeconfig, string context, string expected)
    {
        Assert.Null(ClusterAccess.Of(new KubernetesSection { Url = url, Kubeconfig = kubeconfig, Context = context }, out var faults));

        Assert.Equal(expected, string.Join('|', faults.Select(fault => $"{fault.Key}: {fault.Fault}")));
    }

    [Fact]
    public void File_ThatIsNotThere_IsAFault()
    {
        Assert.Null(ClusterAccess.Of(new KubernetesSection { Kubeconfig = Path.Combine(_folder.FullName, "none") }, out var faults));

        Assert.Contains("Could not find file", Assert.Single(faults).Fault);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private KubernetesSection Kubeconfig(string cluster, string user)
    {
        var path = Path.Combine(_folder.FullName, "config");
        File.WriteAllText(path, $"current-context: x\ncontexts: [{{name: x, context: {{cluster: c, user: u}}}}]\nclusters: [{{name: c, cluster: {cluster}}}]\nusers: [{{name: u, user: {user}}}]\n");
        return new KubernetesSection { Kubeconfig = path };
    }
}
