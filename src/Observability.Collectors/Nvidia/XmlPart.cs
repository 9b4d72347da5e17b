namespace Observability.Collectors;

/// <summary>What <see cref="XmlScan"/> came upon.</summary>
internal enum XmlPart
{
    /// <summary>An element begins; an end follows.</summary>
    Start,

    /// <summary>An element without content.</summary>
    Empty,

    /// <summary>Text that is not only white space.</summary>
    Text,

    /// <summary>An element ends.</summary>
    End,

    /// <summary>The root has ended.</summary>
    Done,

    /// <summary>The document breaks off or contradicts itself.</summary>
    Broken,
}
