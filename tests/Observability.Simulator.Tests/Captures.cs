using Observability.Testing;

namespace Observability.Simulator.Tests;

/// <summary>Captures of real exporters beside the repository; a test that needs one skips where it is not there.</summary>
internal static class Captures
{
    public static string File(params string[] parts)
    {
        var path = Path.Combine([SharedData.Folder("samples"), .. parts]);
        Assert.SkipUnless(System.IO.File.Exists(path), $"{path} is not there");
        return path;
    }
}
