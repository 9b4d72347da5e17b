namespace Observability.Collectors;

/// <summary>Why a body could not be read.</summary>
internal enum BodyFault
{
    None,
    TooLarge,
    Broken,
}
