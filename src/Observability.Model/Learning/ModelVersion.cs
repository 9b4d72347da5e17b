namespace Observability.Model;

/// <summary>One version of the classifier of actionability: where it comes from and how good it is.</summary>
public sealed record ModelVersion
{
    /// <summary>The version that ships with the platform.</summary>
    public const string Shipped = "shipped";

    /// <summary><c>shipped</c>, or <c>v1</c>, <c>v2</c>, … in the state folder.</summary>
    public required string Version { get; init; }

    /// <summary>The version it was compared with and would replace; empty for the shipped one.</summary>
    public string Parent { get; init; } = "";

    /// <summary>When it was trained; null for the shipped one, which is the same for everybody.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>Seed of stories and trainer.</summary>
    public required int Seed { get; init; }

    /// <summary>SHA-256 over features, labels and weights of all examples, in order, lower-case hexadecimal.</summary>
    public required string DataHash { get; init; }

    /// <summary>How the examples were split, in one sentence.</summary>
    public required string Split { get; init; }

    /// <summary>Synthetic examples that it was trained on.</summary>
    public int SyntheticExamples { get; init; }

    /// <summary>Labelled alerts of the journal that it was trained on.</summary>
    public int JournalExamples { get; init; }

    /// <summary>Figures on synthetic stories of fleets it has not seen.</summary>
    public required ModelFigures Synthetic { get; init; }

    /// <summary>Figures on labelled incidents that were kept from it; null where it has seen no journal.</summary>
    public ModelFigures? Journal { get; init; }

    /// <summary>The parent's figures on the same incidents; null where it has none.</summary>
    public ModelFigures? ParentOnJournal { get; init; }
}
