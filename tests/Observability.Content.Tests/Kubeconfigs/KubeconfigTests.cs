using Observability.Model;

namespace Observability.Content.Tests;

public sealed class KubeconfigTests
{
    private const string Text = """
        apiVersion: v1
        kind: Config
        current-context: gpu
        preferences: {}
        contexts:
        - {name: gpu, context: {cluster: c, user: u, namespace: ml}}
        - {name: data, context: {cluster: d, user: v}}
        - {name: nobody, context: {cluster: d}}
        clusters:
        - name: c
          cluster: {server: "https://10.0.0.1:6443/k8s/7", certificate-authority: pki/ca.crt, tls-server-name: kube}
        - name: d
          cluster: {server: "https://10.0.0.2:6443", certificate-authority-data: Q0E=, insecure-skip-tls-verify: true}
        users:
        - name: u
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1beta1
              command: bin/token
              args: [get, --cluster, gpu]
              env: [{name: REGION, value: eu}]
              interactiveMode: Never
        - name: v
          user: {client-certificate-data: Q0VSVA==, client-certificate: ignored, client-key: /keys/v.key, tokenFile: v.token, token: t}
        """;

    [Fact]
    public void Context_OfPluginAndFiles_IsReadWithAbsolutePaths()
    {
        var read = Kubeconfig.Read(new ContentFile("/home/sre/.kube/config", Text), "");

        Assert.Equal([], read.Findings);
        var context = Assert.IsType<KubeconfigContext>(read.Value);
        Assert.Equal(("gpu", "https://10.0.0.1:6443/k8s/7", "kube", false), (context.Name, context.Server, context.ServerName, context.SkipsVerification));
        Assert.Equal(("/home/sre/.kube/pki/ca.crt", ""), context.Authority);
        Assert.Equal(["/home/sre/.kube/bin/token", "get", "--cluster", "gpu"], context.Command);
        Assert.Equal([KeyValuePair.Create("REGION", "eu")], context.CommandEnvironment);
        Assert.Equal("client.authentication.k8s.io/v1beta1", context.CommandVersion);
        Assert.Equal(new SourceLine("/home/sre/.kube/config", 18), context.At);
    }

    [Fact]
    public void Context_OfData_IsDecodedAndGoesBeforeTheFile()
    {
        var read = Kubeconfig.Read(new ContentFile("/etc/k", Text), "data");

        Assert.Equal([], read.Findings);
        var context = Assert.IsType<KubeconfigContext>(read.Value);
        Assert.Equal((("", "CA"), ("", "CERT"), ("/keys/v.key", "")), (context.Authority, context.Certificate, context.Key));
        Assert.Equal(("t", "/etc/v.token", true, 13), (context.Token, context.TokenFile, context.SkipsVerification, context.At.Line));
        Assert.Empty(context.Command);
    }

    [Theory]
    [InlineData("nobody", "current-context: gpu", "current-context: gpu", "")]
    [InlineData("lost", "", "", "k:6: contexts has none named 'lost'")]
    [InlineData("", "current-context: gpu", "current-context: ''", "k:3: current-context is empty; set it, or name a context")]
    [InlineData("", "cluster: c, user: u", "cluster: x, user: u", "k:10: clusters has none named 'x'")]
    [InlineData("", "cluster: c, user: u", "cluster: c, user: x", "k:15: users has none named 'x'")]
    [InlineData("", "https://10.0.0.1:6443/k8s/7", "10.0.0.1:6443", "k:11: server is '10.0.0.1:6443', not an http:// or https:// URL")]
    [InlineData("data", "Q0E=", "no!", "k:13: certificate-authority-data is not base64; it is the PEM file in base64 on one line")]
    [InlineData("data", "token: t", "username: admin", "k:24: username is not supported; use a token, a client certificate or exec")]
    [InlineData("", "v1beta1", "v2", "k:18: apiVersion is 'client.authentication.k8s.io/v2'; use client.authentication.k8s.io/v1, client.authentication.k8s.io/v1beta1")]
    [InlineData("", "command: bin/token", "cmd: x", "k:18: command is missing")]
    public void Context_ThatCannotBeUsed_SaysWhereAndWhy(string context, string old, string now, string finding)
    {
        var text = old.Length > 0 ? Text.Replace(old, now, StringComparison.Ordinal) : Text;

        var read = Kubeconfig.Read(new ContentFile("k", text), context);

        Assert.Equal(finding, string.Join('|', read.Findings));
        Assert.Equal(finding.Length == 0, read.Value is not null);
    }
}
