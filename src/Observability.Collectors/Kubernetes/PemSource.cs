namespace Observability.Collectors;

/// <summary>Certificates or a key in PEM: written out, or in a file that is read anew because such files are renewed in place.</summary>
/// <param name="Path">The file; empty where the text is given.</param>
/// <param name="Text">The text; empty where a file is named.</param>
public sealed record PemSource(string Path, string Text)
{
    /// <summary>Nothing.</summary>
    public static PemSource None { get; } = new("", "");

    /// <summary>True where nothing is named.</summary>
    public bool IsNone => Path.Length == 0 && Text.Length == 0;

    /// <summary>What a file holds.</summary>
    public static PemSource File(string path) => path.Length == 0 ? None : new PemSource(path, "");

    internal async Task<string> ReadAsync(CancellationToken cancellationToken) =>
        Path.Length > 0 ? await System.IO.File.ReadAllTextAsync(Path, cancellationToken) : Text;
}
