using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// What Slurm's commands print for people: the tables of <c>sinfo</c> and <c>sacct</c> with a delimiter and a header, and the records of
/// <c>scontrol show node</c> and <c>show job</c>, on one line each (<c>-o</c>) or on several. Sites that may not use <c>--json</c> have these.
/// <code>
/// STATE|NODELIST|GRES|REASON
/// drained*|gpu017|gpu:h100:8|xid 79
/// NodeName=gpu017 Arch=x86_64 Gres=gpu:h100:8(S:0-1) State=IDLE+DRAIN BootTime=2026-03-01T10:00:00 Reason=xid 79 [root@2026-03-02T01:02:03]
/// JobId=7 JobName=llm UserId=kim(1000) JobState=RUNNING Restarts=1 StartTime=2026-03-01T12:00:00 Partition=gpu NodeList=gpu[017-018]
/// </code>
/// Times have no zone there; UTC is assumed.
/// </summary>
internal static partial class SlurmText
{
    private const int NamesAtMost = 100_000;

    /// <summary>True where a text begins like one of these.</summary>
    public static bool Recognises(string head)
    {
        var line = FirstLine(head);
        return Record().IsMatch(line) || (Header(line) is { } columns
            && (columns.ContainsKey("nodelist") || columns.ContainsKey("hostnames")) && columns.ContainsKey("state"));
    }

    /// <summary>Adds what the text tells to what the reader has.</summary>
    /// <returns>Rows and records seen.</returns>
    public static int Read(ReadOnlySpan<byte> text, SlurmReader into)
    {
        // Line by line: a text of the whole file and its lines would be there twice.
        var lines = new List<string>();
        foreach (var range in text.Split((byte)'\n'))
            lines.Add(Encoding.UTF8.GetString(text[range]));
        return Record().IsMatch(FirstLine(lines[0])) ? ReadRecords(lines, into) : ReadTable(lines, into);
    }

    private static int ReadTable(List<string> lines, SlurmReader into)
    {
        var columns = Header(lines[0])!;
        var known = new HashSet<string>(StringComparer.Ordinal);
        var rows = 0;
        var row = new Row();
        string Cell(string name) => columns.TryGetValue(name, out var at) ? row[at] : "";
        for (var number = 1; number < lines.Count; number++)
        {
            if (string.IsNullOrWhiteSpace(lines[number]))
                continue;
            rows++;
            row.Take(lines[number]);
            var where = $"line {number + 1}";
            if (columns.ContainsKey("jobid"))
                AddJob(into, where, Cell("jobidraw") is { Length: > 0 } raw ? raw : Cell("jobid"), Cell);
            else
                AddNodes((into, known), where, Cell("nodelist") is { Length: > 0 } list ? list : Cell("hostnames"), Cell);
        }

        return rows;
    }

    // sinfo may put several nodes in a row, and one node in several rows: once for each of its partitions.
    private static void AddNodes((SlurmReader Reader, HashSet<string> Known) into, string where, string hosts, Func<string, string> cell)
    {
        if (into.Reader.Hosts.Expand(hosts) is not { Count: > 0 } names || into.Known.Count + names.Count > NamesAtMost)
        {
            into.Reader.Refused.Add($"{where}: '{Excerpt.Of(hosts)}' {HostNames.Refusal}");
            return;
        }

        foreach (var name in names.Where(into.Known.Add))
        {
            into.Reader.Nodes.Add(new SlurmNode(name)
            {
                States = SlurmStates.Of(cell("state")),
                Reason = cell("reason") is "none" or "N/A" ? "" : cell("reason"),
                Booted = Time(cell("boottime")),
                Gpus = GpuGres.Count(cell("gres")),
            });
        }
    }

    // 12.batch and 12.extern are steps of job 12: the job has a row of its own.
    private static void AddJob(SlurmReader into, string where, string id, Func<string, string> cell)
    {
        if (id.Contains('.', StringComparison.Ordinal))
            return;
        if (!long.TryParse(id.Split('_')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            into.Refused.Add($"{where}: job id '{Excerpt.Of(id)}' is no number");
            return;
        }

        var hosts = cell("nodelist") is "None assigned" or "(null)" ? "" : cell("nodelist");
        if (into.Hosts.Expand(hosts) is not { } nodes)
        {
            into.Refused.Add($"{where}: '{Excerpt.Of(hosts)}' {HostNames.Refusal}");
            return;
        }

        // "CANCELLED by 1000"
        var state = (cell("jobstate") is { Length: > 0 } own ? own : cell("state")).Split(' ')[0];
        into.Jobs.Add(new SlurmJob(number, cell("jobname"))
        {
            States = SlurmStates.Of(state),
            Nodes = nodes,
            User = (cell("userid") is { Length: > 0 } user ? user : cell("user")).Split('(')[0],
            Partition = cell("partition"),
            Started = Time(cell("starttime") is { Length: > 0 } start ? start : cell("start")),
            Restarts = long.TryParse(cell("restarts"), NumberStyles.None, CultureInfo.InvariantCulture, out var restarts) ? restarts : 0,
        });
    }

    private static int ReadRecords(List<string> lines, SlurmReader into)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var records = 0;
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var (begin, kind) = (0, "");
        for (var number = 0; number <= lines.Count; number++)
        {
            var next = number < lines.Count ? Record().Match(lines[number]) : Match.Empty;
            if ((next.Success || number == lines.Count) && fields.Count > 0)
            {
                records++;
                string Field(string name) => fields.GetValueOrDefault(name) is { } value && value != "(null)" ? value : "";
                if (kind == "NodeName")
                    AddNodes((into, known), $"line {begin}", Field("nodename"), Field);
                else if (kind == "JobId")
                    AddJob(into, $"line {begin}", Field("jobid"), Field);
                fields.Clear();
            }

            if (next.Success)
                (begin, kind) = (number + 1, next.Groups["kind"].Value);
            if (number == lines.Count)
                continue;
            foreach (Match pair in Pair().Matches(lines[number]))
                fields.TryAdd(pair.Groups["key"].Value, pair.Groups["value"].Value.Trim());
        }

        return records;
    }

    // Where a column stands twice (sinfo's long and compact state), the first counts.
    private static Dictionary<string, int>? Header(string line)
    {
        if (!line.Contains('|', StringComparison.Ordinal))
            return null;
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var row = new Row();
        row.Take(line);
        for (var at = 0; at < row.Count; at++)
            columns.TryAdd(row[at], at);
        return columns;
    }

    private static string FirstLine(string text)
    {
        var feed = text.IndexOf('\n', StringComparison.Ordinal);
        return (feed < 0 ? text : text[..feed]).TrimEnd('\r');
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    [GeneratedRegex(@"^(?<kind>NodeName|JobId|PartitionName)=\S", RegexOptions.CultureInvariant)]
    private static partial Regex Record();

    [GeneratedRegex(@"(?<=^|\s)(?<key>[A-Za-z][\w/:]*)=(?<value>.*?)(?=\s+[A-Za-z][\w/:]*=|\s*$)", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();

    /// <summary>One line of a table; of its hundred cells only those that are asked for become texts.</summary>
    private sealed class Row
    {
        private readonly List<(int At, int Length)> _cells = [];
        private string _line = "";

        public int Count => _cells.Count;

        public string this[int at] => at < _cells.Count ? _line.AsSpan(_cells[at].At, _cells[at].Length).Trim().ToString() : "";

        public void Take(string line)
        {
            _line = line.TrimEnd('\r');
            _cells.Clear();
            // Fields may hold a bar; some sites therefore use "|#" between them.
            var mark = _line.Contains("|#", StringComparison.Ordinal) ? "|#" : "|";
            var rest = _line.AsSpan();
            for (var at = 0; ;)
            {
                var length = rest[at..].IndexOf(mark, StringComparison.Ordinal);
                _cells.Add((at, length < 0 ? rest.Length - at : length));
                if (length < 0)
                    return;
                at += length + mark.Length;
            }
        }
    }
}
