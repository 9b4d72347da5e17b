using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The block with which torchrun ends a job: of all ranks that failed it names the one that failed first.
/// <code>
/// Root Cause (first observed failure):
/// [0]:
///   time      : 2026-02-11_10:11:12
///   host      : node-017
///   rank      : 35 (local_rank: 3)
///   exitcode  : -6 (pid: 51234)
///   error_file: /tmp/torchelastic_x/attempt_0/3/error.json
///   traceback : Signal 6 (SIGABRT) received by PID 51234
/// ============================================================
/// </code>
/// </summary>
internal sealed partial class ElasticLines
{
    private const int MaxLines = 64;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private int _left;

    /// <summary>Rank and fields once the block has ended; null before.</summary>
    public (string Rank, string Node, LabelSet Fields)? Add(string line)
    {
        if (line.Contains("Root Cause (first observed failure):", StringComparison.Ordinal))
        {
            _fields.Clear();
            _left = MaxLines;
            return null;
        }

        if (_left == 0)
            return null;
        if (--_left > 0 && !line.Contains("=====", StringComparison.Ordinal))
        {
            if (Field().Match(line) is { Success: true } field)
                _fields.TryAdd(field.Groups["key"].Value, field.Groups["value"].Value.Trim());
            return null;
        }

        _left = 0;
        if (_fields.Count == 0)
            return null;
        return (First("rank"), First("host"), LabelSet.Of(
            ("exit_code", First("exitcode")), ("error_file", Text("error_file")), ("message", Text("traceback")), ("time", Text("time"))));
    }

    private string Text(string key) => _fields.GetValueOrDefault(key, "");

    private string First(string key) => Text(key).Split(' ')[0];

    [GeneratedRegex(@"(?<key>time|host|rank|exitcode|error_file|traceback)\s*: (?<value>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
