using Observability.Testing;

namespace Observability.Repository.Tests;

/// <summary>Paths below the project's root.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = SharedData.RepositoryRoot();

    public static string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);
}
