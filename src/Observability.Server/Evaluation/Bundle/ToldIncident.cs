using System.Collections.Immutable;
using System.Text.Json;

namespace Observability.Server;

/// <summary>An incident as an answer tells it. What an answer may leave out is empty then.</summary>
internal sealed record ToldIncident
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset Opened { get; init; }

    /// <summary>The last verdict; null where none was reached.</summary>
    public ToldVerdict? Verdict { get; init; }

    /// <summary>Who may have done it, the most probable first.</summary>
    public ImmutableArray<ToldCause> Ranking { get; init; } = [];

    /// <summary>What its alerts spoke of.</summary>
    public ImmutableArray<ToldSign> Signs { get; init; } = [];

    /// <summary>All verdicts.</summary>
    public ImmutableArray<ToldVerdict> Verdicts { get; init; } = [];

    /// <summary>Nodes that would have been cordoned.</summary>
    public ImmutableArray<WouldCordon> Cordons { get; init; } = [];

    /// <summary>True where the last verdict blames a device.</summary>
    public bool BlamesHardware => Verdict is { Kind: "hardware" };

    /// <summary>True where the last verdict names nobody.</summary>
    public bool Abstains => Verdict is null or { Kind: "unknown" };

    /// <summary>The incidents of an answer.</summary>
    /// <exception cref="JsonException">It is not an answer.</exception>
    public static IReadOnlyList<ToldIncident> Of(System.Text.Json.Nodes.JsonObject answer) => [.. answer["incidents"].Deserialize<ImmutableArray<ToldIncident>>(Json)];

    /// <summary>True where the first of the ranking is what a fault may be called.</summary>
    public bool IsRight(LabelledFault fault) => Ranking is [var first, ..] && fault.IsCalled(first.Id, first.Class);

    /// <summary>True where one of the first so many of the ranking is a fault's entity.</summary>
    public bool Names(LabelledFault fault, int among) => Ranking.Take(among).Any(cause => fault.Entities.Contains(cause.Id));
}
