using System.CommandLine;
using Observability.Content;
using Observability.Model;

namespace Observability.Server;

/// <summary>The configuration: a file, and the environment on top of it.</summary>
internal static class ConfigurationFile
{
    private const string Prefix = "OBSERVABILITY__";

    public static Option<string> Option { get; } = new("--config") { Description = "configuration file", DefaultValueFactory = _ => "observability.yaml" };

    /// <summary>Reads and checks everything; a missing file is a finding.</summary>
    /// <param name="file">The file.</param>
    /// <param name="role">A role that comes before the file's and the environment's; null for none.</param>
    public static (ObservabilityOptions Options, IReadOnlyList<Finding> Findings) Read(string file, string? role = null)
    {
        var findings = new List<Finding>();
        var keys = new List<(string Key, string Value, SourceLine At)>();
        if (File.Exists(file))
        {
            var read = ObservabilityYaml.Read(new ContentFile(file, File.ReadAllText(file)));
            keys.AddRange(read.Value.Select(value => (value.Written.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal), value.Value, value.Source)));
            findings.AddRange(read.Findings);
        }
        else
        {
            findings.Add(new Finding(new SourceLine(file, 0), "the file does not exist; copy observability.example.yaml and change what differs"));
        }

        var environment = new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build();
        keys.AddRange(environment.AsEnumerable().Where(pair => pair.Value is not null)
            .Select(pair => (pair.Key.Replace(':', '.').ToLowerInvariant(), pair.Value!, new SourceLine($"environment {Prefix}{pair.Key.Replace(":", "__", StringComparison.Ordinal)}", 0))));
        if (role is not null)
            keys.Add(("server.role", role, new SourceLine("--role", 0)));
        var (options, faults) = OptionsReader.Read(keys);
        return (options, [.. findings, .. faults]);
    }
}
