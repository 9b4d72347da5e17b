using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>What a context of a kubeconfig says: one cluster and one user. Paths are absolute, data is decoded; what is not said is empty.</summary>
public sealed record KubeconfigContext
{
    /// <summary>The name of the context.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where <c>insecure-skip-tls-verify</c> or <c>exec</c> is written, for who refuses them.</summary>
    public SourceLine At { get; init; }

    /// <summary>URL of the API server.</summary>
    public string Server { get; init; } = "";

    /// <summary>The name its certificate must bear, where that is not the host of the URL.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>Its authority: a file, or PEM.</summary>
    public (string Path, string Pem) Authority { get; init; } = ("", "");

    /// <summary>True where any certificate will do.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>The client's certificate: a file, or PEM.</summary>
    public (string Path, string Pem) Certificate { get; init; } = ("", "");

    /// <summary>Its key: a file, or PEM.</summary>
    public (string Path, string Pem) Key { get; init; } = ("", "");

    /// <summary>A bearer token.</summary>
    public string Token { get; init; } = "";

    /// <summary>A file that holds one.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>A program that prints a credential, and its arguments; empty for none.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Variables for that program.</summary>
    public ImmutableArray<KeyValuePair<string, string>> CommandEnvironment { get; init; } = [];

    /// <summary>The version of credential it is asked for.</summary>
    public string CommandVersion { get; init; } = "";
}
