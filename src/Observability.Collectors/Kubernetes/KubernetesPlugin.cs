using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>
/// A program that gives credentials, as a kubeconfig names it: it is run without a shell and prints an <c>ExecCredential</c>
/// (<see href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins"/>).
/// </summary>
/// <param name="Command">The program: a path, or a name that is looked up in PATH.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables it gets besides those of this process.</param>
/// <param name="ApiVersion">The version it is asked for: <c>client.authentication.k8s.io/v1</c> or <c>v1beta1</c>.</param>
public sealed record KubernetesPlugin(
    string Command, ImmutableArray<string> Arguments, ImmutableArray<KeyValuePair<string, string>> Environment, string ApiVersion);
