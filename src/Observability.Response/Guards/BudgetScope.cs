namespace Observability.Response;

/// <summary>A part of the world whose losses are counted together.</summary>
/// <param name="Kind"><c>fleet</c>, <c>rack</c>, <c>switch</c>, <c>job</c> or <c>cause</c>.</param>
/// <param name="Name">Which one.</param>
internal readonly record struct BudgetScope(string Kind, string Name)
{
    public override string ToString() => Kind == "fleet" ? "the fleet" : $"{Kind} {Name}";
}
