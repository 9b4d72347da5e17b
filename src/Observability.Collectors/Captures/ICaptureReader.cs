namespace Observability.Collectors;

/// <summary>
/// Understands one kind of captured file: what a command printed, a system answered or a log held. A reader keeps nothing between
/// files, unless it is an <see cref="IFolderCapture"/>, and never throws for what a file holds: it refuses the part, says where and why, and reads on.
/// </summary>
internal interface ICaptureReader
{
    /// <summary>The kind in one lowercase word or two: <c>exposition</c>, <c>nvidia-smi-xml</c>.</summary>
    string Kind { get; }

    /// <summary>True where the file is of this kind, judged by its name and by how it begins; cheap, since every reader is asked.</summary>
    bool Recognises(CaptureFile file);

    /// <summary>Reads the file into the digest.</summary>
    void Read(CaptureFile file, CaptureDigest digest);
}
