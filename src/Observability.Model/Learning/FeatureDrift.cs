namespace Observability.Model;

/// <summary>How far one feature has moved.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Index">Population stability index: Σ (live − trained) · ln(live / trained) over bins; 0 is no change.</param>
public sealed record FeatureDrift(string Feature, double Index);
