namespace Observability.Testing;

/// <summary>Third-party samples and cases that lie beside the repository, not in it. A test skips where they are absent.</summary>
public static class SharedData
{
    /// <summary>A folder below <c>../shared/data</c>, counted from the repository; it need not exist.</summary>
    public static string Folder(params string[] path) =>
        Path.GetFullPath(Path.Combine([RepositoryRoot(), "..", "shared", "data", .. path]));

    /// <summary>The folder that holds <c>Observability.sln</c>.</summary>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Observability.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Observability.sln");
    }
}
