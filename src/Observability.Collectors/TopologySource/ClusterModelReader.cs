namespace Observability.Collectors;

/// <summary>
/// Reads a cluster model as Topograph simulates from: the two lists it needs of a small YAML, by indentation.
/// <code>
/// switches:
///   S1:
///     labels: {…}
///     switches:
///     - S2
/// blocks:
/// - switch: S2
///   nodes: ["I[21-22]", "I25"]          or one "- name" a line
///   annotations:
///     accelerator.topology.test/domain: nvl2
/// </code>
/// </summary>
internal static class ClusterModelReader
{
    public static void Read(string text, SwitchTree tree)
    {
        var (section, current, list, domain, number) = ("", "", "", "", 0);
        var nodes = new List<string>();
        var hosts = new HostNames();
        void Flush()
        {
            foreach (var node in nodes)
            {
                if (current.Length > 0)
                    tree.Place(current, node);
                if (domain.Length > 0)
                    tree.Group(domain, node);
            }

            nodes.Clear();
            (current, list, domain) = ("", "", "");
        }

        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Split(" #")[0].TrimEnd();
            var word = line.TrimStart();
            if (word.Length == 0 || word[0] == '#')
                continue;
            var indent = line.Length - word.Length;
            if (indent == 0 && word.EndsWith(':'))
            {
                Flush();
                section = word[..^1];
                continue;
            }

            var isItem = word.StartsWith("- ", StringComparison.Ordinal);
            var (key, value) = Pair(isItem ? word[2..] : word);
            if (section == "blocks" && isItem && key == "switch")
            {
                Flush();
                current = value;
            }
            else if (section == "switches" && indent == 2 && value.Length == 0 && !isItem)
            {
                (current, list) = (key, "");
                tree.AddSwitch(current);
            }
            else if (isItem && key.Length == 0 && list is "switches" or "nodes")
            {
                Add(value, number);
            }
            else if (key is "nodes" or "switches")
            {
                list = key;
                foreach (var item in value.Trim('[', ']').Length < value.Length ? Inline(value) : [])
                    Add(item, number);
            }
            else
            {
                list = key.Length > 0 ? "" : list;
                domain = key.EndsWith("/domain", StringComparison.Ordinal) ? value : domain;
            }
        }

        Flush();

        void Add(string item, int at)
        {
            var names = hosts.Expand(item.Trim('"', '\'', ' '));
            if (names is null)
                tree.Refused.Add($"line {at}: '{Excerpt.Of(item)}' {HostNames.Refusal}");
            else if (section == "blocks")
                nodes.AddRange(names);
            else
                names.ToList().ForEach(name => tree.Connect(current, name));
        }
    }

    // "key: value"; an item without a colon is a value alone.
    private static (string Key, string Value) Pair(string word)
    {
        var colon = word.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 ? (word[..colon].Trim(), word[(colon + 2)..].Trim())
            : word.EndsWith(':') ? (word[..^1], "")
            : ("", word.Trim());
    }

    // ["I[21-22]", "I25"]: commas within quotes or brackets belong to the name.
    private static IEnumerable<string> Inline(string value)
    {
        var (start, depth, quoted) = (1, 0, false);
        for (var i = 1; i < value.Length; i++)
        {
            var c = value[i];
            quoted ^= c is '"' or '\'';
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if ((c == ',' && !quoted && depth == 0) || depth < 0)
            {
                if (value[start..i].Trim().Length > 0)
                    yield return value[start..i].Trim();
                start = i + 1;
            }
        }
    }
}
