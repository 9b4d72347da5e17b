namespace Observability.Collectors;

/// <summary>Who asks: a bearer token, or a certificate with its key in PEM; what is empty is not shown.</summary>
internal sealed record KubernetesCredential(string Token, string Certificate, string Key)
{
    public static KubernetesCredential None { get; } = new("", "", "");
}
