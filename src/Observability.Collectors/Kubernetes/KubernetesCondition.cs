namespace Observability.Collectors;

/// <summary>A condition of a node. Of <c>Ready</c> only True is good, of every other one only False.</summary>
internal sealed record KubernetesCondition(string Type, string Status, string Reason, string Message, DateTimeOffset? Since)
{
    public bool IsProblem => Type == "Ready" ? Status != "True" : Status == "True";
}
