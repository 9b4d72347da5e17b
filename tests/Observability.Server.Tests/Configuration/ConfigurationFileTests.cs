using System.Collections;
using Observability.Content;

namespace Observability.Server.Tests;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("config-");
    private readonly List<string> _variables = [];

    public void Dispose()
    {
        foreach (var name in _variables)
            Environment.SetEnvironmentVariable(name, null);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Environment_OverridesTheFileKeyByKey()
    {
        var file = Write("server:\n  listen: 127.0.0.1:7071\nresponse:\n  hardware: act\ncollect:\n  target_urls:\n    - http://a/targets\n");
        Set("OBSERVABILITY__RESPONSE__HARDWARE", "ask");
        Set("OBSERVABILITY__COLLECT__TARGET_URLS__1", "http://b/targets");

        var (options, findings) = ConfigurationFile.Read(file);

        Assert.Empty(findings);
        Assert.Equal(("127.0.0.1:7071", Model.Strategy.Ask), (options.Server.Listen, options.Response.Hardware));
        Assert.Equal(["http://a/targets", "http://b/targets"], options.Collect.TargetUrls);
    }

    [Fact]
    public void Environment_FaultsAreNamedByTheirVariable()
    {
        var file = Write("server:\n  listen: 127.0.0.1:7071\n");
        Set("OBSERVABILITY__SERVER__MAXIMUM_BODY_BYTES", "much");
        Set("OBSERVABILITY__SERVER__COLOUR", "red");

        var (_, findings) = ConfigurationFile.Read(file);

        Assert.Equal(
            [
                "environment OBSERVABILITY__SERVER__COLOUR: server.colour: unknown key; see observability.example.yaml for the known ones",
                "environment OBSERVABILITY__SERVER__MAXIMUM_BODY_BYTES: server.maximum_body_bytes: 'much' is not a whole number",
            ],
            findings.Select(finding => finding.ToString()));
    }

    [Fact]
    public void FileThatIsNotThere_IsAFinding()
    {
        var path = Path.Combine(_folder.FullName, "none.yaml");

        Assert.Equal(
            [$"{path}: the file does not exist; copy observability.example.yaml and change what differs"],
            ConfigurationFile.Read(path).Findings.Select(finding => finding.ToString()));
    }

    [Fact]
    public void ExampleFile_IsValidAndNamesEveryKey()
    {
        var path = World.Folder("observability.example.yaml");
        var text = File.ReadAllText(path);

        Assert.Empty(ConfigurationFile.Read(path).Findings);
        var uncommented = string.Join('\n', text.Split('\n').Select(line => System.Text.RegularExpressions.Regex.Replace(line, "^( *)#(?! [^ ])", "$1")));
        var named = ObservabilityYaml.Read(new ContentFile("example", uncommented)).Value.Select(value => System.Text.RegularExpressions.Regex.Replace(value.Written, @"\[\d+\]", "")).ToHashSet(StringComparer.Ordinal);
        // Both kinds of logs share their keys; a kernel log belongs to no job.
        Assert.Equal(["collect.kernel_logs.job"], Keys(typeof(ObservabilityOptions), "").Where(key => !named.Contains(key)));
    }

    [Fact]
    public void Documentation_NamesEveryKeyWithItsDefault()
    {
        var text = File.ReadAllText(World.Folder("docs/configuration.md"));

        Assert.Equal([], Keys(typeof(ObservabilityOptions), "").Where(key => !text.Contains($"| `{key}` |", StringComparison.Ordinal)));
        Assert.Equal([], Defaults(new ObservabilityOptions(), "").Where(pair => !text.Contains($"| `{pair.Key}` | {(pair.Value.Length == 0 ? "" : $"`{pair.Value}` ")}|", StringComparison.Ordinal)).Select(pair => $"{pair.Key} = {pair.Value}"));
    }

    private static IEnumerable<string> Keys(Type type, string prefix) => type.GetProperties().SelectMany(property =>
    {
        var key = prefix + OptionValue.SnakeCase(property.Name);
        var item = typeof(IList).IsAssignableFrom(property.PropertyType) ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        return item.IsClass && item != typeof(string) ? Keys(item, key + ".") : [key];
    });

    private static IEnumerable<(string Key, string Value)> Defaults(object section, string prefix) => section.GetType().GetProperties().SelectMany(property =>
    {
        var (key, value) = (prefix + OptionValue.SnakeCase(property.Name), property.GetValue(section)!);
        return value is IList ? [] : value is string || value.GetType().IsValueType ? [(key, OptionValue.Show(value))] : Defaults(value, key + ".");
    });

    private string Write(string text)
    {
        var path = Path.Combine(_folder.FullName, "observability.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private void Set(string name, string value)
    {
        _variables.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
