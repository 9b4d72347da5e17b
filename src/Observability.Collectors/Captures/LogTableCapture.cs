using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Log lines in a table, as log stores export them: one column is the line, others may say when and on which host.
/// <code>
/// kind,code,line                        @timestamp,host.name,message              _time,host,_raw
/// xid,79,"[60.1] NVRM: Xid (PCI:…"      2026-03-01T12:00:00.000Z,node-3,NVRM: …   …
/// </code>
/// </summary>
internal sealed class LogTableCapture : ICaptureReader
{
    private const int HostLimit = 10_000;

    private static readonly string[] Lines = ["line", "message", "_raw", "log", "msg"];
    private static readonly string[] Times = ["@timestamp", "timestamp", "_time", "time"];
    private static readonly string[] Hosts = ["node", "host.name", "hostname", "host", "kubernetes.node_name"];

    /// <inheritdoc/>
    public string Kind => "log-table";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension == ".csv" && Columns.Of(FirstRow(file.Head)) is not null;

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        // Lines of two hosts interleave: each is read as a log of its own.
        var logs = new Dictionary<string, LogLines>(StringComparer.Ordinal);
        Columns? columns = null;
        foreach (var (number, cells) in CsvText.Rows(file.Text))
        {
            if (columns is null)
            {
                columns = Columns.Of(cells) ?? new Columns(0, -1, -1);
                continue;
            }

            if (cells.Count <= columns.Line)
            {
                digest.Refuse($"line {number}: {cells.Count} cells, and the line is in the {columns.Line + 1}th");
                continue;
            }

            var host = columns.Host >= 0 && columns.Host < cells.Count ? cells[columns.Host] : "";
            if (!logs.TryGetValue(host, out var log))
            {
                if (logs.Count >= HostLimit)
                {
                    digest.Refuse($"line {number}: more than {HostLimit} hosts");
                    continue;
                }

                logs[host] = log = new LogLines(file, digest, host);
            }

            var at = columns.Time >= 0 && columns.Time < cells.Count ? LogLines.TimeOf(cells[columns.Time]) : null;
            foreach (var line in cells[columns.Line].Split('\n'))
                log.Take(line, number, at);
        }

        foreach (var log in logs.Values)
            log.End();
    }

    private static List<string> FirstRow(ReadOnlySpan<byte> head) => CsvText.Rows(Encoding.UTF8.GetString(head)).Select(row => row.Cells).FirstOrDefault([]);

    private sealed record Columns(int Line, int Time, int Host)
    {
        public static Columns? Of(List<string> names)
        {
            var line = Index(names, Lines);
            return line < 0 || names.Count < 2 ? null : new Columns(line, Index(names, Times), Index(names, Hosts));
        }

        private static int Index(List<string> names, string[] known)
        {
            foreach (var name in known)
            {
                var at = names.FindIndex(one => one.TrimStart('\uFEFF').Equals(name, StringComparison.OrdinalIgnoreCase));
                if (at >= 0)
                    return at;
            }

            return -1;
        }
    }
}
