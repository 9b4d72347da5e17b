using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Observability.Testing;

namespace Observability.Server.Tests;

public sealed class NabSetTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nab-").FullName;
    private readonly List<string> _troubles = [];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Names_AreGroupAndFile_WhereverThePathPoints()
    {
        Write("data/traffic/a.csv", Series(30));
        Write("data/traffic/b.csv", Series(20));
        Write("data/single.csv", Series(10));
        Write("labels/not-a-series.csv", Series(10));

        Assert.Equal(["single.csv", "traffic/a.csv", "traffic/b.csv"], Names(""));
        Assert.Equal(["single.csv", "traffic/a.csv", "traffic/b.csv"], Names("data"));
        Assert.Equal(["traffic/a.csv", "traffic/b.csv"], Names("data/traffic"));
        Assert.Equal(["traffic/b.csv"], Names("data/traffic/b.csv"));
        Assert.Empty(_troubles);
    }

    [Fact]
    public void Labels_ChangeNoAnswer()
    {
        Write("data/g/a.csv", Series(400));
        var without = Answer("");
        Write("labels/combined_windows.json", """{"g/a.csv": [["2026-01-02 00:00:00.000000", "2026-01-02 02:00:00.000000"]]}""");
        var with = Answer("");
        Write("labels/combined_windows.json", "broken");

        Assert.Equal(without, with);
        Assert.Equal(without, Answer(""));
    }

    [Fact]
    public void ShorterSeries_HasTheSameFirstScores()
    {
        Write("data/g/long.csv", Series(900));
        Write("data/g/short.csv", Series(500));
        var answers = new NabSet().Answer(_root, _troubles.Add).Select(Scores).ToArray();

        Assert.Equal(answers[0].Take(500), answers[1]);
        Assert.Contains(answers[1], score => score > 0);
    }

    [Fact]
    public void OddFiles_HaveOneScoreForEachRow()
    {
        Write("data/g/empty.csv", "");
        Write("data/g/heading.csv", "timestamp,value\n");
        Write("data/g/holes.csv", "timestamp,value\n2026-01-01 00:00:00,1\n\n2026-01-01 00:05:00,\nno time,3\n2026-01-01 00:10:00,NaN\n2026-01-01 00:15:00\n");
        Write("data/g/no-heading.csv", "1767225600,1\r\n1767225900,2\r\n");
        Write("data/g/other-order.csv", "\uFEFF\"value\",label,\"timestamp\"\n5,x,2026-01-01T00:00:00Z\n6,y,2026-01-01T00:05:00Z\n");
        Write("data/g/text.csv", "timestamp,value\n2026-01-01 00:00:00,on\n2026-01-01 00:05:00,off\n");

        Assert.Equal([0, 0, 5, 2, 2, 2], new NabSet().Answer(_root, _troubles.Add).Select(answer => Scores(answer).Length));
        Assert.Equal(["empty.csv", "heading.csv", "text.csv"], _troubles.Select(text => Path.GetFileName(text.Split(": ")[0])));
        var file = NabSeriesFile.Read(Path.Combine(_root, "data/g/other-order.csv"));
        Assert.Equal([5, 6], file.Values);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 5, 0, TimeSpan.Zero), file.Times[1]);
        Assert.Equal(file.Times, NabSeriesFile.Read(Path.Combine(_root, "data/g/no-heading.csv")).Times);
    }

    [Fact]
    public void Score_ReadsTheWindowsOfThePartThatWasAnswered()
    {
        Write("data/g/a.csv", Series(1_000, spike: 700));
        Write("data/h/b.csv", Series(1_000));
        Write("labels/combined_windows.json", """{"g/a.csv": [["2026-01-03 09:00:00.000000", "2026-01-03 13:00:00.000000"]], "h/b.csv": []}""");
        var set = new NabSet();
        foreach (var part in new[] { "", "data/g" })
        {
            var path = Path.Combine(_root, part);
            var score = set.Score(path, [.. set.Answer(path, _troubles.Add)]);
            var recall = score.Figures.Single(figure => figure.Name == "event_recall");

            Assert.Equal(1, recall.Value);
            Assert.InRange(score.Figures[0].Value, 50, 100);
        }
    }

    [Fact]
    public void Score_WithoutLabels_SaysWhereTheyWereLookedFor()
    {
        Write("data/g/a.csv", Series(10));
        var set = new NabSet();

        var missing = Assert.Throws<FileNotFoundException>(() => set.Score(_root, [.. set.Answer(_root, _troubles.Add)]));
        Assert.Contains("labels/combined_windows.json", missing.Message, StringComparison.Ordinal);
        Write("labels/combined_windows.json", """{"g/a.csv": [["never", "2026-01-02 02:00:00.000000"]]}""");
        var broken = Assert.Throws<InvalidDataException>(() => set.Score(_root, [.. set.Answer(_root, _troubles.Add)]));
        Assert.Contains("\"never\" is no time", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeriesGiven_ScoreAboveSixty()
    {
        var folder = SharedData.Folder("nab");
        Assert.SkipUnless(Directory.Exists(folder), "../shared/data/nab is absent; it is data beside the repository");
        var set = new NabSet();

        var figures = set.Score(folder, [.. set.Answer(folder, _troubles.Add)]).Figures.ToDictionary(figure => figure.Name, StringComparer.Ordinal);

        Assert.Empty(_troubles);
        Assert.InRange(figures["score_standard_best"].Value, 60, 100);
        Assert.InRange(figures["score_standard_left_out"].Value, 60, 100);
        Assert.InRange(figures["score_standard_best"].Chance!.Value, 0, 30);
    }

    private string[] Names(string path) =>
        [.. new NabSet().Answer(Path.Combine(_root, path), _troubles.Add).Select(answer => answer["series"]!.GetValue<string>())];

    private string[] Answer(string path) => [.. new NabSet().Answer(Path.Combine(_root, path), _troubles.Add).Select(answer => answer.ToJsonString())];

    private static double[] Scores(JsonObject answer) => [.. answer["scores"]!.AsArray().Select(score => score!.GetValue<double>())];

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string Series(int rows, int spike = -1)
    {
        var random = new Random(1);
        var text = new StringBuilder("timestamp,value\n");
        for (var row = 0; row < rows; row++)
            text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2026, 1, 1).AddMinutes(5 * row):yyyy-MM-dd HH:mm:ss},{random.NextDouble() + (row == spike ? 50 : 0):R}\n");
        return text.ToString();
    }
}
