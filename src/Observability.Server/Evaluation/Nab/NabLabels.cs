using System.Text.Json;

namespace Observability.Server;

/// <summary>
/// Where anomalies are, by series:
/// <code>{"realTweets/Twitter_volume_FB.csv": [["2015-03-15 22:52:53.000000", "2015-03-18 16:52:53.000000"]]}</code>
/// </summary>
internal sealed class NabLabels
{
    private const string FileName = "combined_windows.json";

    private readonly Dictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset Until)>> _windows = new(StringComparer.Ordinal);

    private NabLabels()
    {
    }

    /// <summary>The windows of a series, first to last; null where the labels do not know it.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset Until)>? this[string series] => _windows.GetValueOrDefault(series);

    /// <summary>The labels below a folder, or beside it where it is a part of a set.</summary>
    /// <exception cref="FileNotFoundException">There are none.</exception>
    public static NabLabels Find(string path)
    {
        for (var folder = File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path)) : Path.GetFullPath(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var file = Path.Combine(folder, "labels", FileName);
            if (File.Exists(file))
                return Read(file);
        }

        throw new FileNotFoundException($"{path}: neither it nor a folder above it has labels/{FileName}; use eval predict where there are no labels");
    }

    /// <summary>Reads a file of windows.</summary>
    /// <exception cref="InvalidDataException">It is not in the shape above.</exception>
    public static NabLabels Read(string file)
    {
        var labels = new NabLabels();
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var series in document.RootElement.EnumerateObject())
                labels._windows[series.Name] = [.. series.Value.EnumerateArray().Select(window => (Time(window[0]), Time(window[1]))).Order()];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{file}: is not an object of lists of [from, until] ({exception.Message})");
        }

        return labels;
    }

    private static DateTimeOffset Time(JsonElement element) =>
        NabSeriesFile.Time(element.GetString() ?? "") ?? throw new FormatException($"\"{element}\" is no time");
}
