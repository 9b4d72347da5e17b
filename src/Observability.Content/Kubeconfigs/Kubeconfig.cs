using System.Text;
using Observability.Model;

namespace Observability.Content;

/// <summary>
/// Reads one context of a kubeconfig, as kubectl writes it. Other contexts of the file may be wrong, and keys that are not used here are
/// passed over, because the file is not ours.
/// <code>
/// current-context: gpu
/// contexts: [{name: gpu, context: {cluster: c, user: u}}]
/// clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443", certificate-authority-data: LS0t…}}]
/// users:    [{name: u, user: {client-certificate: u.crt, client-key: u.key}}]
/// </code>
/// </summary>
public static class Kubeconfig
{
    /// <summary>The context; null, with the faults, where it cannot be used.</summary>
    /// <param name="file">The file; relative paths in it begin at its folder.</param>
    /// <param name="context">Which context; empty for <c>current-context</c>.</param>
    public static ReadResult<KubeconfigContext?> Read(ContentFile file, string context)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(context);
        var findings = new Findings();
        if (YamlDocument.FirstMap(file, findings) is not { } root)
        {
            if (findings.Count == 0)
                findings.Add(new SourceLine(file.Path, 1), "is empty; a kubeconfig has contexts, clusters and users");
            return findings.With<KubeconfigContext?>(null);
        }

        var name = context.Length > 0 ? context : root.Text("current-context") ?? "";
        if (name.Length == 0)
            root.Fault("current-context", "is empty; set it, or name a context");
        else if (Named(root, "contexts", name, "context") is { } chosen)
            return findings.With(Of(root, chosen, name, new Folder(Path.GetDirectoryName(Path.GetFullPath(file.Path)) ?? "/"), findings));
        return findings.With<KubeconfigContext?>(null);
    }

    private static KubeconfigContext? Of(YamlMap root, YamlMap chosen, string name, Folder folder, Findings findings)
    {
        var cluster = Named(root, "clusters", chosen.Required("cluster"), "cluster");
        var user = chosen.Text("user") is { Length: > 0 } who ? Named(root, "users", who, "user") : null;
        if (cluster is null || findings.Count > 0)
            return null;
        var exec = user?.Map("exec");
        foreach (var key in (string[])["username", "password", "auth-provider", "as"])
        {
            if (user?.Has(key) == true)
                user.Fault(key, "is not supported; use a token, a client certificate or exec");
        }

        var server = cluster.Required("server");
        if (!Uri.TryCreate(server, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            cluster.Fault("server", $"is '{server}', not an http:// or https:// URL");
        if (cluster.Has("proxy-url"))
            cluster.Fault("proxy-url", "is not supported; reach the API server without a proxy");
        var skips = cluster.Flag("insecure-skip-tls-verify") == true;
        var read = new KubeconfigContext
        {
            Name = name,
            At = skips ? cluster.LineOf("insecure-skip-tls-verify") : exec?.At ?? cluster.At,
            Server = server,
            ServerName = cluster.Text("tls-server-name") ?? "",
            Authority = Pem(cluster, "certificate-authority", folder),
            SkipsVerification = skips,
            Certificate = user is null ? ("", "") : Pem(user, "client-certificate", folder),
            Key = user is null ? ("", "") : Pem(user, "client-key", folder),
            Token = user?.Text("token") ?? "",
            TokenFile = folder.Resolve(user?.Text("tokenFile") ?? ""),
            Command = exec is null ? [] : [folder.ResolveCommand(exec.Required("command")), .. exec.Texts("args")],
            CommandEnvironment = exec is null ? [] : [.. exec.Maps("env").Select(pair => KeyValuePair.Create(pair.Required("name"), pair.Text("value") ?? ""))],
            CommandVersion = exec?.OneOf("apiVersion", "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1") ?? "",
        };
        return findings.Count > 0 ? null : read;
    }

    // The body of the entry with that name.
    private static YamlMap? Named(YamlMap root, string list, string name, string body)
    {
        if (name.Length == 0)
            return null;
        foreach (var entry in root.Maps(list))
        {
            if (entry.Text("name") == name)
                return entry.Map(body);
        }

        root.Fault(list, $"has none named '{name}'");
        return null;
    }

    // The data goes before the file, as kubectl has it.
    private static (string Path, string Pem) Pem(YamlMap map, string key, Folder folder)
    {
        if (map.Text(key + "-data") is not { Length: > 0 } data)
            return (folder.Resolve(map.Text(key) ?? ""), "");
        var bytes = new byte[data.Length];
        if (Convert.TryFromBase64String(data, bytes, out var length))
            return ("", Encoding.UTF8.GetString(bytes, 0, length));
        map.Fault(key + "-data", "is not base64; it is the PEM file in base64 on one line");
        return ("", "");
    }

    private sealed record Folder(string Path)
    {
        public string Resolve(string path) => path.Length == 0 ? "" : System.IO.Path.GetFullPath(path, Path);

        // A bare name is looked up in PATH.
        public string ResolveCommand(string command) => command.Contains('/', StringComparison.Ordinal) ? Resolve(command) : command;
    }
}
