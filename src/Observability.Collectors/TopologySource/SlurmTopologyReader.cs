namespace Observability.Collectors;

/// <summary>
/// Reads Slurm's <c>topology.conf</c>, tree and block:
/// <code>
/// SwitchName=spine-1 Switches=leaf-[1-2]
/// SwitchName=leaf-1 Nodes=node[1101-1108]
/// BlockName=rack11 Nodes=node[1101-1108]
/// </code>
/// </summary>
internal static class SlurmTopologyReader
{
    public static void Read(string text, SwitchTree tree)
    {
        var number = 0;
        var hosts = new HostNames();
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Split('#')[0].Trim();
            if (line.Length == 0 || line.StartsWith("BlockSizes", StringComparison.OrdinalIgnoreCase))
                continue;
            var pairs = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('=', 2))
                .Where(pair => pair.Length == 2).GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
                .ToDictionary(group => group.Key, group => group.First()[1], StringComparer.OrdinalIgnoreCase);
            var name = pairs.GetValueOrDefault("SwitchName") ?? pairs.GetValueOrDefault("BlockName");
            var lower = pairs.GetValueOrDefault("Switches") ?? pairs.GetValueOrDefault("Nodes");
            if (name is null || lower is null || hosts.Expand(lower) is not { } names)
            {
                tree.Refused.Add($"line {number}: not SwitchName=… with Switches= or Nodes=, or BlockName=… with Nodes=, of at most {HostList.Limit} names: {Excerpt.Of(line)}");
                continue;
            }

            foreach (var part in names)
            {
                if (pairs.ContainsKey("BlockName"))
                    tree.Group(name, part);
                else if (pairs.ContainsKey("Switches"))
                    tree.Connect(name, part);
                else
                    tree.Place(name, part);
            }
        }
    }
}
