namespace Observability.Collectors;

/// <summary>One line of ibnetdiscover: a port, and what is behind it.</summary>
/// <param name="From">The port.</param>
/// <param name="To">The other end; null for an open port.</param>
/// <param name="Lanes">Lanes.</param>
/// <param name="Speed"><c>SDR</c> to <c>XDR</c>; <c>???</c> for an open port that was never up.</param>
internal sealed record IbLink(IbEnd From, IbEnd? To, int Lanes, string Speed);
