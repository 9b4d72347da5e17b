namespace Observability.Collectors;

/// <summary>One service was seen asking another.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Callee">Who is asked.</param>
/// <param name="System">What the callee is where it is no service of one's own: <c>postgresql</c>, <c>kafka</c>; empty otherwise.</param>
public readonly record struct ServiceCall(string Caller, string Callee, string System = "");
