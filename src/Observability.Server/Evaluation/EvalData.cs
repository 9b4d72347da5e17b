using System.Security.Cryptography;
using System.Text;

namespace Observability.Server;

/// <summary>Which data a figure is about.</summary>
/// <param name="Files">Files below the folder.</param>
/// <param name="Sha256">Over the path and the bytes of every file, in order of their paths; lower-case hexadecimal.</param>
internal sealed record EvalData(int Files, string Sha256)
{
    /// <summary>Hashes a folder, or the one file that the path names.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static EvalData Of(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = File.Exists(folder) ? [folder] : Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var file in files)
        {
            // The name ends with a zero, and each file has one digest of fixed length: no two folders give the same bytes.
            hash.AppendData(Encoding.UTF8.GetBytes((file == folder ? Path.GetFileName(file) : Path.GetRelativePath(folder, file)).Replace(Path.DirectorySeparatorChar, '/') + "\0"));
            using var stream = File.OpenRead(file);
            SHA256.HashData(stream, digest);
            hash.AppendData(digest);
        }

        return new EvalData(files.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
