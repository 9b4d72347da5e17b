using System.CommandLine;

namespace Observability.Server;

/// <summary>The options by which a set is chosen, the same for <c>eval predict</c> and <c>eval run</c>.</summary>
internal sealed class EvalSetOptions
{
    private readonly IReadOnlyList<IPredictionSet> _sets;

    /// <summary>Options that choose among some sets.</summary>
    public EvalSetOptions(IReadOnlyList<IPredictionSet> sets)
    {
        _sets = sets;
        Set = new Option<string>("--set") { Description = $"kind of set: {string.Join(", ", sets.Select(set => set.Name))}", Required = true };
        Set.AcceptOnlyFromAmong([.. sets.Select(set => set.Name)]);
        Without.AcceptOnlyFromAmong([.. Enum.GetValues<PlatformParts>().Where(part => part != PlatformParts.None).Select(part => OptionValue.SnakeCase(part.ToString()))]);
    }

    /// <summary>Which kind.</summary>
    public Option<string> Set { get; }

    /// <summary>Where.</summary>
    public Argument<string> Path { get; } = new("PATH") { Description = "folder of the set, or of one case; for bundle also a file of episodes, for nab also one series" };

    /// <summary>What operators edit.</summary>
    public Option<string> Content { get; } = new("--content") { Description = "for bundle: folder with rules and runbooks", DefaultValueFactory = _ => "." };

    /// <summary>What is left out.</summary>
    public Option<string[]> Without { get; } = new("--without") { Description = "for bundle: what the platform does without, topology, ml or peers; may be given several times", DefaultValueFactory = _ => [] };

    /// <summary>The chosen set and the path; or why they cannot be used.</summary>
    public (IPredictionSet? Set, string Path, string Refusal) Read(ParseResult parsed)
    {
        var set = _sets.First(set => set.Name == parsed.GetValue(Set));
        var path = parsed.GetValue(Path)!;
        if (!Directory.Exists(path) && !(set.AcceptsFile && File.Exists(path)))
            return (null, path, $"{path}: is {(set.AcceptsFile ? "neither a folder nor a file" : "not a folder")}");
        var parts = parsed.GetValue(Without)!.Aggregate(PlatformParts.None, (all, part) => all | Enum.Parse<PlatformParts>(part, ignoreCase: true));
        if (set is not IPlatformSet platform)
        {
            return parts != PlatformParts.None ? (null, path, $"--without: the set {set.Name} is not answered by the platform as a whole")
                : (set, path, "");
        }

        var content = parsed.GetValue(Content)!;
        var (_, findings) = ContentCheck.Read(System.IO.Path.Combine(content, "rules"), System.IO.Path.Combine(content, "runbooks"));
        return findings.Count > 0 ? (null, path, string.Join('\n', findings)) : (platform.On(content, parts), path, "");
    }
}
