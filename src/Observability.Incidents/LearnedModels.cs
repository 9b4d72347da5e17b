using System.Security.Cryptography;

namespace Observability.Incidents;

/// <summary>The trained models that the steps from alert to verdict ask.</summary>
/// <param name="Causes">Ranks who did it.</param>
/// <param name="Actionability">Versions of what says whether someone has to act.</param>
public sealed record LearnedModels(CauseModel Causes, ModelShelf Actionability)
{
    /// <summary>The shipped models, with the ranker of <paramref name="rootCauseModel"/> in place of the shipped one where a path is given.</summary>
    /// <param name="rootCauseModel">Path of a ranker; empty for the shipped one.</param>
    /// <param name="shelf">Folder of the versions of the classifier of actionability; empty for the shipped one alone.</param>
    /// <exception cref="InvalidDataException">The ranker's files are missing or are not what they should be.</exception>
    public static LearnedModels Open(string rootCauseModel, string shelf = "")
    {
        ArgumentNullException.ThrowIfNull(rootCauseModel);
        return new(rootCauseModel.Length == 0 ? CauseModel.Shipped() : CauseModel.Open(rootCauseModel), ModelShelf.Open(shelf));
    }

    /// <summary>SHA-256 of the shipped models, lower-case hexadecimal, by file.</summary>
    public static IReadOnlyDictionary<string, string> ShippedHashes() =>
        new SortedDictionary<string, string>(((string[])["root-cause.zip", "actionability.zip"]).ToDictionary(name => name, HashOf), StringComparer.Ordinal);

    /// <summary>Nothing learnt: whoever most cause alerts point at did it, and every alert is worth acting on. For comparison.</summary>
    public static LearnedModels None() => new(CauseModel.Untrained(), ModelShelf.Only(ActionabilityModel.Untrained()));

    private static string HashOf(string name)
    {
        using var stream = ShippedModels.Open(name);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
