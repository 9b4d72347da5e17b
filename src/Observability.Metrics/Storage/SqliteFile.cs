using Microsoft.Data.Sqlite;

namespace Observability.Metrics;

/// <summary>Copies of SQLite files while others write them.</summary>
public static class SqliteFile
{
    /// <summary>
    /// Copies a database to a new file as it is at one moment, through SQLite's online backup: writers go on, and what they have committed
    /// before is in the copy. Throws <see cref="IOException"/> where either file cannot be used.
    /// </summary>
    public static void Copy(string from, string to)
    {
        try
        {
            using var source = Open(from, SqliteOpenMode.ReadOnly);
            using var target = Open(to, SqliteOpenMode.ReadWriteCreate);
            source.BackupDatabase(target);
        }
        catch (SqliteException fault)
        {
            throw new IOException($"{from} cannot be copied to {to}: {fault.Message}", fault);
        }
    }

    /// <summary>What SQLite's integrity check finds wrong with a file; an empty text where all is well.</summary>
    public static string Check(string path)
    {
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadOnly);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(1)";
            return command.ExecuteScalar() as string is "ok" ? "" : "the integrity check failed";
        }
        catch (SqliteException fault)
        {
            return fault.Message;
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
