namespace Observability.Simulator;

/// <summary>One resource the API server serves: its names, verbs and update rules.</summary>
internal sealed record ResourceKind
{
    /// <summary>API group; empty for core.</summary>
    public required string Group { get; init; }

    public required string Plural { get; init; }

    public required string Kind { get; init; }

    public string Version { get; init; } = "v1";

    public bool Namespaced { get; init; } = true;

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public required IReadOnlyList<string> Verbs { get; init; }

    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>Fields a fieldSelector may name, besides metadata.name and metadata.namespace.</summary>
    public IReadOnlyList<string> FieldLabels { get; init; } = [];

    /// <summary>PUT without metadata.resourceVersion is refused.</summary>
    public bool VersionRequired { get; init; }

    /// <summary>PUT of an absent object creates it.</summary>
    public bool CreateOnUpdate { get; init; }

    /// <summary>metadata.generation counts changes of spec.</summary>
    public bool Generations { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string Singular => Kind.ToLowerInvariant();

    /// <summary>Both event groups read and write the same objects.</summary>
    public string Storage => Kind == "Event" ? "events" : $"{Group}/{Plural}";

    public bool HasStatus => Subresources.Contains("status");

    public bool Allows(string verb) => Verbs.Contains(verb);
}
