using System.Globalization;
using System.Text;

namespace Observability.Collectors.Tests;

/// <summary>
/// What a folder of captures was read as, in words, beside the same written down earlier. <c>UPDATE_GOLDEN=1</c> writes it anew, to be
/// reviewed as a diff.
/// </summary>
internal static class Golden
{
    /// <summary>Reads <c>SOURCE/captures/NAME*</c> and compares it with <c>SOURCE/captures/NAME.expected.txt</c>.</summary>
    public static void Check(string source, string name, string node = "node-007")
    {
        var captures = Path.Combine(Testing.SharedData.RepositoryRoot(), "tests", "Observability.Collectors.Tests", source, "captures");
        var folder = Directory.CreateTempSubdirectory("golden-");
        try
        {
            foreach (var file in Files(captures, name))
            {
                var target = Path.Combine(folder.FullName, Path.GetRelativePath(captures, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            var actual = Summary(folder.FullName, node);
            var expected = Path.Combine(captures, name + ".expected.txt");
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
                File.WriteAllText(expected, actual);
            Assert.Equal(File.Exists(expected) ? File.ReadAllText(expected) : "", actual);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The account of one file, read by the reader that knows it.</summary>
    public static RecordedFile Read(string name, string text)
    {
        var file = new CaptureFile(name, Encoding.UTF8.GetBytes(text), World.Start, Model.LabelSet.Empty);
        var digest = new CaptureDigest([]);
        var reader = RecordedTelemetry.ReaderOf(file);
        reader?.Read(file, digest);
        return digest.Report(name, reader?.Kind ?? "");
    }

    /// <summary>Everything that a recording gave, one line each.</summary>
    public static string Summary(string folder, string node)
    {
        var labels = node.Length > 0 ? Model.LabelSet.Of(("node", node)) : Model.LabelSet.Empty;
        var reading = RecordedTelemetry.Read(folder, new RecordedOptions { Start = World.Start, TargetLabels = labels });
        var text = new StringBuilder();
        foreach (var file in reading.Files)
        {
            text.Append(CultureInfo.InvariantCulture, $"{file.Path}: {file.Kind}, {file.Lines} lines, {file.Samples} samples, {file.Events} events, {file.Entities} entities, {file.Refused} refused\n");
            foreach (var reason in file.Reasons)
                text.Append("  refused ").Append(reason).Append('\n');
        }

        foreach (var item in reading.Items)
        {
            foreach (var sample in item.Samples?.Samples ?? [])
            {
                text.Append(CultureInfo.InvariantCulture, $"{Time(item.At)} {sample.Labels.MetricName}{sample.Labels.Without(Model.LabelSet.MetricNameLabel)} {sample.Sample.Value}\n");
            }

            if (item.Event is { } found)
                text.Append(CultureInfo.InvariantCulture, $"{Time(found.At)} event {found.Code} {found.Severity} {found.Labels} {found.Fields}\n");
            foreach (var entity in item.Topology?.Entities ?? [])
                text.Append(CultureInfo.InvariantCulture, $"entity {entity.Id} '{entity.DisplayName}' {entity.Attributes}\n");
            foreach (var edge in item.Topology?.Edges ?? [])
                text.Append(CultureInfo.InvariantCulture, $"edge {edge.From} {edge.Kind} {edge.To}\n");
        }

        return text.ToString();
    }

    private static string Time(DateTimeOffset at) => at == World.Start ? "-" : at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Files(string captures, string name) =>
        Directory.EnumerateFiles(captures, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(captures, file).StartsWith(name, StringComparison.Ordinal) && !file.EndsWith(".expected.txt", StringComparison.Ordinal));
}
