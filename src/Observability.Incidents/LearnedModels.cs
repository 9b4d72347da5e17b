using System.Security.Cryptography;

namespace Observability.Incidents;

/// <summary>The trained models that the steps from alert to verdict ask.</summary>
/// <param name="Causes">Ranks who did it.</param>
/// <param name="Actionability">Says whether someone has to act.</param>
public sealed record LearnedModels(CauseModel Causes, ActionabilityModel Actionability)
{
    /// <summary>The shipped models, with the ranker of <paramref name="rootCauseModel"/> in place of the shipped one where a path is given.</summary>
    /// <exception cref="InvalidDataException">The ranker's files are missing or are not what they should be.</exception>
    public static LearnedModels Open(string rootCauseModel)
    {
        ArgumentNullException.ThrowIfNull(rootCauseModel);
        return new(rootCauseModel.Length == 0 ? CauseModel.Shipped() : CauseModel.Open(rootCauseModel), ActionabilityModel.Shipped());
    }

    /// <summary>SHA-256 of the shipped models, lower-case hexadecimal, by file.</summary>
    public static IReadOnlyDictionary<string, string> ShippedHashes() =>
        new SortedDictionary<string, string>(((string[])["root-cause.zip", "actionability.zip"]).ToDictionary(name => name, HashOf), StringComparer.Ordinal);

    /// <summary>Nothing learnt: whoever most cause alerts point at did it, and every alert is worth acting on. For comparison.</summary>
    public static LearnedModels None() => new(CauseModel.Untrained(), ActionabilityModel.Untrained());

    private static string HashOf(string name)
    {
        using var stream = ShippedModels.Open(name);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
