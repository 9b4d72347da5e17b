namespace Observability.Server;

/// <summary>A set that the platform as a whole answers, so that its content can be chosen and parts of it can be left out. Its path may be a file.</summary>
internal interface IPlatformSet
{
    /// <summary>The set as another platform would answer it.</summary>
    /// <param name="content">Folder with rules and runbooks.</param>
    /// <param name="without">What the platform does without.</param>
    IPredictionSet On(string content, PlatformParts without);
}
