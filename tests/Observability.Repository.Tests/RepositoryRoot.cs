namespace Observability.Repository.Tests;

/// <summary>Finds the project's root by walking up to the solution file; the compiler's paths are rewritten in CI.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    public static string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Observability.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no Observability.sln above {from}");
    }
}
