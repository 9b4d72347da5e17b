namespace Observability.Model;

/// <summary>A PromQL expression that holds when it gives at least one sample that is not 0. <c>{{ node }}</c>, <c>{{ gpu }}</c>, <c>{{ uuid }}</c>, <c>{{ device }}</c> and <c>{{ job }}</c> name the target.</summary>
public sealed record RunbookCheck(string Name, string Expression, SourceLine Source);
