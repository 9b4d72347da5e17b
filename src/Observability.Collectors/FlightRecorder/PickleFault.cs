namespace Observability.Collectors;

/// <summary>A pickle that is not read: what it holds is not data, or it is cut or larger than allowed.</summary>
internal sealed class PickleFault(string message) : Exception(message);
