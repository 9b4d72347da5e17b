namespace Observability.Collectors;

/// <summary>A capture reader whose files say something only together: it is asked once more when every file was read.</summary>
internal interface IFolderCapture : ICaptureReader
{
    /// <summary>Gives what the files said together; one digest for all of them, whose samples, events and entities join the recording.</summary>
    void Finish(CaptureDigest digest);
}
