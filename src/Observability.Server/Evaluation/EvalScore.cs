namespace Observability.Server;

/// <summary>What scoring a set's answers came to.</summary>
internal sealed record EvalScore
{
    /// <summary>Heading of its section; empty for the set's name.</summary>
    public string Title { get; init; } = "";

    /// <summary>The numbers, the important first.</summary>
    public required IReadOnlyList<EvalFigure> Figures { get; init; }

    /// <summary>Breakdowns.</summary>
    public IReadOnlyList<EvalTable> Tables { get; init; } = [];

    /// <summary>What must be known to read the figures: how ties and missing answers count, which thresholds were chosen on labels.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The trained models that answered, by name, with the hash of their file; empty where nothing was trained.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();
}
