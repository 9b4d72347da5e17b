namespace Observability.Model;

/// <summary>Whether a rule or detector is trusted yet.</summary>
public enum Standing
{
    /// <summary>Evaluated, journaled and shown; opens nothing, pages nobody, starts nothing and is no evidence.</summary>
    Shadow,

    /// <summary>In full force.</summary>
    Live,
}
