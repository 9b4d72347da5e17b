using System.IO.Compression;
using Observability.Metrics;

namespace Observability.Server;

/// <summary>The state folder as one file: a zip of consistent copies of its databases, and of its small files.</summary>
internal static class BackupArchive
{
    private static readonly string[] Databases = ["series.db", "journal.db"];
    private static readonly string[] Files = ["log-positions.json"];

    /// <summary>Writes a backup while the server runs; names what is in it. The file appears only when it is complete.</summary>
    /// <exception cref="IOException">The folder holds no state, or a file cannot be read or written.</exception>
    public static IReadOnlyList<string> Write(string state, string file)
    {
        if (!Array.Exists(Databases, name => File.Exists(Path.Combine(state, name))))
            throw new IOException($"{state}: holds neither {string.Join(" nor ", Databases)}; name the configuration of the server with --config");
        var half = file + ".part";
        var copy = file + ".copy";
        var written = new List<string>();
        try
        {
            using (var zip = new ZipArchive(File.Create(half), ZipArchiveMode.Create))
            {
                // How far logs are read first: a position ahead of the journal would lose the lines between, one behind it repeats some.
                foreach (var name in Files.Where(name => File.Exists(Path.Combine(state, name))))
                {
                    zip.CreateEntryFromFile(Path.Combine(state, name), name);
                    written.Add(name);
                }

                // The journal next: what it tells of is then in the series too, or newer than they are.
                foreach (var name in Databases.Reverse().Where(name => File.Exists(Path.Combine(state, name))))
                {
                    File.Delete(copy);
                    SqliteFile.Copy(Path.Combine(state, name), copy);
                    zip.CreateEntryFromFile(copy, name, CompressionLevel.Fastest);
                    written.Add(name);
                }
            }

            File.Move(half, file, overwrite: true);
            return written;
        }
        finally
        {
            File.Delete(half);
            File.Delete(copy);
        }
    }

    /// <summary>Puts a backup into a state folder that holds no state; names what was in it. Nothing is changed unless every part is sound.</summary>
    /// <exception cref="IOException">The folder holds state already, or the backup is damaged.</exception>
    public static IReadOnlyList<string> Restore(string file, string state)
    {
        if (Databases.FirstOrDefault(name => File.Exists(Path.Combine(state, name))) is { } there)
            throw new IOException($"{Path.Combine(state, there)}: exists; stop the server and move its state folder away first");
        Directory.CreateDirectory(state);
        var parts = new List<string>();
        try
        {
            using var zip = ZipFile.OpenRead(file);
            foreach (var name in Databases.Concat(Files))
            {
                if (zip.GetEntry(name) is not { } entry)
                    continue;
                var part = Path.Combine(state, name + ".part");
                parts.Add(name);
                entry.ExtractToFile(part, overwrite: true);
                if (Databases.Contains(name) && SqliteFile.Check(part) is { Length: > 0 } fault)
                    throw new IOException($"{file}: {name} is damaged: {fault}");
            }

            if (parts.Count == 0)
                throw new IOException($"{file}: holds none of {string.Join(", ", Databases)}; it is not a backup");
            foreach (var name in parts)
                File.Move(Path.Combine(state, name + ".part"), Path.Combine(state, name), overwrite: true);
            return parts;
        }
        catch (InvalidDataException fault)
        {
            throw new IOException($"{file}: is not a backup: {fault.Message}", fault);
        }
        finally
        {
            foreach (var name in parts)
                File.Delete(Path.Combine(state, name + ".part"));
        }
    }
}
