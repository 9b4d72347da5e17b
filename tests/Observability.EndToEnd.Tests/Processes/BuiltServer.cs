using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>The server as it was built beside these tests, as a process of its own.</summary>
internal static class BuiltServer
{
    /// <summary>Starts <c>observability</c> in the repository's root, where its content lies.</summary>
    public static ChildProcess Start(params IEnumerable<string> arguments) =>
        ChildProcess.Start(SharedData.RepositoryRoot(), "dotnet", [Path.Combine(AppContext.BaseDirectory, "Observability.Server.dll"), .. arguments]);
}
