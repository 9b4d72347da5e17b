namespace Observability.Collectors;

/// <summary>What a relabelling rule does. Names are those of Prometheus in lower case.</summary>
public enum RelabelAction
{
    /// <summary>Sets the target label to the replacement where the pattern matches.</summary>
    Replace,

    /// <summary>Drops what does not match.</summary>
    Keep,

    /// <summary>Drops what matches.</summary>
    Drop,

    /// <summary>Drops where the joined source labels differ from the target label.</summary>
    KeepEqual,

    /// <summary>Drops where the joined source labels equal the target label.</summary>
    DropEqual,

    /// <summary>Sets the target label to the hash of the joined source labels modulo the modulus.</summary>
    HashMod,

    /// <summary>Copies each label whose name matches to the name that the replacement gives.</summary>
    LabelMap,

    /// <summary>Removes each label whose name matches.</summary>
    LabelDrop,

    /// <summary>Removes each label whose name does not match.</summary>
    LabelKeep,

    /// <summary>Sets the target label to the joined source labels in lower case.</summary>
    Lowercase,

    /// <summary>Sets the target label to the joined source labels in upper case.</summary>
    Uppercase,
}
