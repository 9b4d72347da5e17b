namespace Observability.Server;

/// <summary>A table of a report: a breakdown by kind, by cell, by method.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">As many texts each as there are columns.</param>
internal sealed record EvalTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
