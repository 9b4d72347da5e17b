using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>The server as it was built beside these tests, as a process of its own.</summary>
internal static class BuiltServer
{
    /// <summary>Starts <c>observability</c> in the repository's root, where its content lies.</summary>
    // A process that a shell put in the background ignores SIGINT and hands that on to its children; env takes it back.
    public static ChildProcess Start(params IEnumerable<string> arguments) =>
        ChildProcess.Start(SharedData.RepositoryRoot(), "/usr/bin/env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "Observability.Server.dll"), .. arguments]);
}
