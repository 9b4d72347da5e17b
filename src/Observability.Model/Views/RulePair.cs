namespace Observability.Model;

/// <summary>Two rules that fire together on the same entity: within two minutes of each other, or while the other one fires.</summary>
/// <param name="First">The one that hardly fires without the other.</param>
/// <param name="Second">The other.</param>
/// <param name="FirstFired">Firings of the first on known entities.</param>
/// <param name="SecondFired">Firings of the second on known entities.</param>
/// <param name="FirstTogether">Firings of the first with the second.</param>
/// <param name="SecondTogether">Firings of the second with the first.</param>
/// <param name="SecondAhead">Of <paramref name="FirstTogether"/> those where the second began first.</param>
public sealed record RulePair(RuleId First, RuleId Second, int FirstFired, int SecondFired, int FirstTogether, int SecondTogether, int SecondAhead)
{
    /// <summary>Share from which two rules count as firing together.</summary>
    public const double Together = 0.9;

    /// <summary>True where neither fires without the other; otherwise only the first does not.</summary>
    public bool IsMutual => SecondTogether >= Together * SecondFired;

    /// <summary>True where the second nearly always begins first.</summary>
    public bool SecondLeads => SecondAhead >= Together * FirstTogether;
}
