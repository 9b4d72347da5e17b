namespace Observability.Collectors.Tests;

public sealed class KubernetesConnectionTests : IDisposable
{
    private readonly World _world = new();
    private readonly Authority _authority = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-");

    [Fact]
    public async Task Server_OfItsAuthority_IsReadAndOfAnotherIsNot()
    {
        await using var cluster = await SecureCluster.StartAsync(_authority.Sign("api"));
        using var other = new Authority();

        Assert.Equal("200 ", await AskAsync(new KubernetesAccess(cluster.Url) { Authority = new PemSource("", _authority.Pem) }));
        Assert.Equal("200 ", await AskAsync(new KubernetesAccess(cluster.Url) { SkipsVerification = true }));
        Assert.Contains("errors in the certificate chain", await AskAsync(new KubernetesAccess(cluster.Url) { Authority = new PemSource("", other.Pem) }));
        Assert.Contains("holds no certificate in PEM", await AskAsync(new KubernetesAccess(cluster.Url) { Authority = new PemSource("", "-----BEGIN NOTHING-----") }));
        Assert.Equal(2, cluster.Callers.Count);
    }

    [Fact]
    public async Task Server_OfAnotherName_IsReadWhereThatNameIsSaid()
    {
        await using var cluster = await SecureCluster.StartAsync(_authority.Sign("api", "kubernetes.default.svc"));
        var access = new KubernetesAccess(cluster.Url) { Authority = new PemSource("", _authority.Pem) };

        Assert.Contains("RemoteCertificateNameMismatch", await AskAsync(access));
        Assert.Equal("200 ", await AskAsync(access with { ServerName = "kubernetes.default.svc" }));
    }

    [Fact]
    public async Task Certificate_OfTheClient_IsShown()
    {
        await using var cluster = await SecureCluster.StartAsync(_authority.Sign("api"));
        var (certificate, key) = _authority.Sign("sre");
        var access = new KubernetesAccess(cluster.Url) { Authority = new PemSource("", _authority.Pem), Certificate = PemSource.File(Write("c", certificate)), Key = PemSource.File(Write("k", key)) };

        Assert.Equal("200 ", await AskAsync(access));
        Assert.Contains("has no key", await AskAsync(access with { Key = PemSource.None }));
        Assert.Contains("cannot be used together", await AskAsync(access with { Key = new PemSource("", _authority.Sign("x").Key) }));
        Assert.Equal(["CN=sre|"], cluster.Callers);
    }

    [Fact]
    public async Task AccountOfAPod_WhoseFilesAreRenewed_GoesOn()
    {
        await using var cluster = await SecureCluster.StartAsync(_authority.Sign("api", "kubernetes.default.svc"));
        using var before = new Authority();
        Write("ca.crt", before.Pem);
        Write("token", "one\n");
        var access = KubernetesAccess.InCluster(_folder.FullName) with { Url = cluster.Url, ServerName = "kubernetes.default.svc" };
        using var connection = new KubernetesConnection(access, _world.Outside);

        Assert.Contains("errors in the certificate chain", await AskAsync(connection));
        Write("ca.crt", _authority.Pem);
        Assert.Contains("errors in the certificate chain", await AskAsync(connection));
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("200 ", await AskAsync(connection));
        Write("token", "two\n");
        Assert.Equal("200 ", await AskAsync(connection));
        Assert.Equal(["|Bearer one", "|Bearer two"], cluster.Callers);

        File.Delete(Path.Combine(_folder.FullName, "token"));
        Assert.Contains("Could not find file", await AskAsync(connection));
        Assert.Equal("https://kubernetes.default.svc/", KubernetesAccess.InCluster().ToString());
    }

    [Fact]
    public async Task Plugin_IsRunOnceAndAgainWhereItsTokenExpiresOrIsRefused()
    {
        await using var cluster = await SecureCluster.StartAsync(_authority.Sign("api"));
        var script = Write("plugin.sh",
            """
            n=$(($(cat "$COUNT" 2>/dev/null || echo 0) + 1)); echo $n > "$COUNT"
            case "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*) ;; *) exit 3;; esac
            echo "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"$1$n\",\"expirationTimestamp\":\"2026-03-01T12:15:00Z\"}}"
            """);
        var plugin = new KubernetesPlugin("/bin/sh", [script, "t"], [new("COUNT", Path.Combine(_folder.FullName, "count"))], "client.authentication.k8s.io/v1");
        using var connection = new KubernetesConnection(
            new KubernetesAccess(cluster.Url) { Authority = new PemSource("", _authority.Pem), Plugin = plugin }, _world.Outside);

        Assert.Equal("200 ", await AskAsync(connection));
        Assert.Equal("200 ", await AskAsync(connection));
        cluster.Refused = "Bearer t1";
        Assert.Equal("200 ", await AskAsync(connection));
        _world.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal("200 ", await AskAsync(connection));
        Assert.Equal(["|Bearer t1", "|Bearer t1", "|Bearer t1", "|Bearer t2", "|Bearer t3"], cluster.Callers);
    }

    [Theory]
    [InlineData("echo secret-token", "printed no JSON; it must print an ExecCredential")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"status\":{}}'", "printed no ExecCredential with a token or a certificate")]
    [InlineData("echo nobody >&2; exit 1", "ended with exit code 1: nobody")]
    public async Task Plugin_ThatGivesNothing_IsNamedWithoutItsOutput(string script, string expected)
    {
        var plugin = new KubernetesPlugin("/bin/sh", ["-c", script], [], "client.authentication.k8s.io/v1");

        Assert.Equal($"0 /bin/sh {expected}", await AskAsync(new KubernetesAccess(new Uri("https://127.0.0.1:1")) { Plugin = plugin }));
    }

    [Fact]
    public async Task Token_IsNotTakenElsewhere()
    {
        await using var cluster = await SecureCluster.StartAsync(_authority.Sign("api"));
        await using var thief = await SecureCluster.StartAsync(_authority.Sign("thief"));
        cluster.Elsewhere = thief.Url + "api/v1/nodes";

        Assert.StartsWith("302 ", await AskAsync(new KubernetesAccess(cluster.Url) { Authority = new PemSource("", _authority.Pem), Token = "t" }));
        Assert.Empty(thief.Callers);
        Assert.DoesNotContain("hidden", new KubernetesAccess(cluster.Url) { Token = "hidden" }.ToString());
    }

    [Fact]
    public async Task Url_WithAPath_KeepsIt()
    {
        _world.Answer = _ => World.Text("{}", "application/json");

        Assert.Equal("200 ", await AskAsync(new KubernetesAccess(new Uri("https://rancher/k8s/clusters/7"))));

        Assert.Equal(["/k8s/clusters/7/api/v1/nodes"], _world.Requests);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<string> AskAsync(KubernetesAccess access)
    {
        using var connection = new KubernetesConnection(access, _world.Outside);
        return await AskAsync(connection);
    }

    private static async Task<string> AskAsync(KubernetesConnection connection)
    {
        var answer = await connection.GetAsync("/api/v1/nodes", (TimeSpan.FromSeconds(20), 1_000_000), _ => { }, TestContext.Current.CancellationToken);
        return $"{answer.Status} {answer.Fault}";
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
