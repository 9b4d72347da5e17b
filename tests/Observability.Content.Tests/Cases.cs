namespace Observability.Content.Tests;

/// <summary>The files of the folder Cases, read from the source tree.</summary>
internal static class Cases
{
    public static string Root { get; } = Testing.SharedData.RepositoryRoot();

    private static string Folder => Path.Combine(Root, "tests", "Observability.Content.Tests", "Cases");

    public static IEnumerable<string> Bad() => Directory.EnumerateFiles(Folder)
        .Select(path => Path.GetFileName(path))
        .Where(name => name.Contains(".bad.", StringComparison.Ordinal) && !name.EndsWith(".txt", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public static ContentFile Read(string name) => new(name, Text(name));

    public static void AssertGolden(string name, string actual)
    {
        var path = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
