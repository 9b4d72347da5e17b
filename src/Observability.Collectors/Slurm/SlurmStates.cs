namespace Observability.Collectors;

/// <summary>States as Slurm's commands print them for people, in the words that <c>--json</c> uses.</summary>
internal static class SlurmStates
{
    // sinfo(1), NODE STATE CODES: the compact words, and drained and draining, which are a base state and the flag.
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["alloc"] = ["allocated"],
        ["mix"] = ["mixed"],
        ["comp"] = ["completing"],
        ["resv"] = ["reserved"],
        ["unk"] = ["unknown"],
        ["maint"] = ["maintenance"],
        ["drain"] = ["drain"],
        ["drained"] = ["idle", "drain"],
        ["draining"] = ["allocated", "drain"],
        ["drng"] = ["allocated", "drain"],
        ["fail"] = ["fail"],
        ["failg"] = ["allocated", "fail"],
        ["failing"] = ["allocated", "fail"],
    };

    private static readonly Dictionary<char, string> Suffixes = new()
    {
        ['*'] = "not_responding",
        ['~'] = "powered_down",
        ['#'] = "powering_up",
        ['!'] = "power_down",
        ['%'] = "powering_down",
        ['$'] = "maintenance",
        ['@'] = "reboot_requested",
        ['^'] = "reboot_issued",
        ['-'] = "planned",
    };

    /// <summary><c>drained*</c>, <c>IDLE+DRAIN+NOT_RESPONDING</c>, <c>mix-</c> as base state and flags in lower case.</summary>
    public static List<string> Of(string text)
    {
        var states = new List<string>();
#pragma warning disable CA1308 // states are lower case wherever the platform names them
        foreach (var part in text.Trim().ToLowerInvariant().Split('+', StringSplitOptions.RemoveEmptyEntries))
#pragma warning restore CA1308
        {
            var end = part.Length;
            while (end > 0 && Suffixes.ContainsKey(part[end - 1]))
                end--;
            states.AddRange(Words.TryGetValue(part[..end], out var said) ? said : [part[..end]]);
            states.AddRange(part[end..].Select(suffix => Suffixes[suffix]));
        }

        return [.. states.Where(state => state.Length > 0).Distinct()];
    }
}
