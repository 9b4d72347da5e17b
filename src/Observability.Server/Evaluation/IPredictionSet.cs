using System.Text.Json.Nodes;

namespace Observability.Server;

/// <summary>A kind of labelled set that the platform's parts can answer without seeing its labels.</summary>
internal interface IPredictionSet
{
    /// <summary>What <c>--set</c> calls it.</summary>
    string Name { get; }

    /// <summary>True where one file may be a case, so that it can be named in place of a folder.</summary>
    bool AcceptsFile => false;

    /// <summary>
    /// One answer for every case below the folder, in the order of their names. Reads the telemetry of a case only, never what tells its
    /// truth. What cannot be read is told to <paramref name="trouble"/> and answered as unknown.
    /// </summary>
    /// <param name="path">The set's folder, or that of one case.</param>
    /// <param name="trouble">Takes a sentence for each file that could not be used.</param>
    IEnumerable<JsonObject> Answer(string path, Action<string> trouble);
}
