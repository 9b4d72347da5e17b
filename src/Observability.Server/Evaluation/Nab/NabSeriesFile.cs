using System.Globalization;

namespace Observability.Server;

/// <summary>
/// A series as NAB keeps it, one file each:
/// <code>
/// timestamp,value
/// 2014-04-10 00:00:00,18.32
/// </code>
/// Every line below the heading that is not blank is a row. Odd cases: columns in another order, further columns, no heading; a value that is missing
/// or no number (not-a-number); a time that cannot be read (null).
/// </summary>
internal sealed class NabSeriesFile
{
    private NabSeriesFile(string name, IReadOnlyList<DateTimeOffset?> times, IReadOnlyList<double> values) => (Name, Times, Values) = (name, times, values);

    /// <summary>Folder and file name, as the labels call it.</summary>
    public string Name { get; }

    /// <summary>One a row.</summary>
    public IReadOnlyList<DateTimeOffset?> Times { get; }

    /// <summary>One a row.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The series files of a set's root (those below its <c>data</c>), of any folder of them, or the file itself, in order of their paths.</summary>
    public static IReadOnlyList<string> Below(string path)
    {
        if (File.Exists(path))
            return [path];
        var data = Path.Combine(path, "data");
        var files = Directory.GetFiles(Directory.Exists(data) ? data : path, "*.csv", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary><c>realTweets/Twitter_volume_FB.csv</c>; a file that lies in <c>data</c> itself is in no group.</summary>
    public static string NameOf(string file)
    {
        var full = Path.GetFullPath(file);
        var group = Path.GetFileName(Path.GetDirectoryName(full)) ?? "";
        return group is "" or "data" ? Path.GetFileName(full) : $"{group}/{Path.GetFileName(full)}";
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    public static NabSeriesFile Read(string file)
    {
        var times = new List<DateTimeOffset?>();
        var values = new List<double>();
        var (timeColumn, valueColumn) = (0, 1);
        var isFirst = true;
        foreach (var line in File.ReadLines(file))
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var cells = line.Split(',');
            if (isFirst && IsHeading(cells))
            {
                timeColumn = ColumnOf(cells, "timestamp", 0);
                valueColumn = ColumnOf(cells, "value", 1);
            }
            else
            {
                times.Add(TimeOf(cells, timeColumn));
                values.Add(double.TryParse(Cell(cells, valueColumn), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN);
            }

            isFirst = false;
        }

        return new NabSeriesFile(NameOf(file), times, values);
    }

    /// <summary>A time of a series or of its labels; taken as UTC where it says nothing else. Seconds since 1970 are read too.</summary>
    public static DateTimeOffset? Time(string text)
    {
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e11
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
    }

    // A first line of which a cell is a column's name, or none is a number, names columns.
    private static bool IsHeading(string[] cells) =>
        ColumnOf(cells, "value", -1) >= 0 || ColumnOf(cells, "timestamp", -1) >= 0
        || !Array.Exists(cells, cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static int ColumnOf(string[] cells, string name, int otherwise)
    {
        var at = Array.FindIndex(cells, cell => Bare(cell).Equals(name, StringComparison.OrdinalIgnoreCase));
        return at < 0 ? otherwise : at;
    }

    private static DateTimeOffset? TimeOf(string[] cells, int column) => Time(Cell(cells, column));

    private static string Cell(string[] cells, int column) => column < cells.Length ? Bare(cells[column]) : "";

    private static string Bare(string cell) => cell.Trim().Trim('"');
}
