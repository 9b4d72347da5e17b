using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// Puts together the records of journald, from lines of <c>journalctl -o export</c> or <c>-o json</c>:
/// <code>
/// __CURSOR=s=6f…
/// __REALTIME_TIMESTAMP=1772366400000000          µs since 1970
/// __MONOTONIC_TIMESTAMP=3600000000               µs since boot
/// _BOOT_ID=4a2f…
/// _HOSTNAME=node-003
/// _TRANSPORT=kernel
/// MESSAGE=NVRM: Xid (PCI:0000:b3:00): 79, …
///                                                 an empty line ends the record
/// {"__REALTIME_TIMESTAMP":"1772366400000000","_BOOT_ID":"4a2f…","MESSAGE":"…"}
/// </code>
/// A message that is not plain text comes as a name alone, then 8 bytes of length, then the text. Only records of the kernel count:
/// any user may write to the journal.
/// </summary>
internal sealed class JournalRecords
{
    private const int FieldLimit = 16 * 1_024;
    private const int BinaryHead = 8;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private bool _inRecord;
    private string _binary = "";

    /// <summary>
    /// True where the line belongs to the journal's form. <paramref name="record"/> is a complete record of the kernel, or null while
    /// there is none.
    /// </summary>
    public bool TryTake(string line, out (KernelLine Line, string BootId)? record)
    {
        record = null;
        if (line.StartsWith("{\"", StringComparison.Ordinal) && line.Contains("\"__REALTIME_TIMESTAMP\"", StringComparison.Ordinal))
        {
            record = OfJson(line);
            return true;
        }

        if (line.StartsWith("__CURSOR=", StringComparison.Ordinal) || (!_inRecord && line.StartsWith("__REALTIME_TIMESTAMP=", StringComparison.Ordinal)))
        {
            record = Finish();
            _inRecord = true;
        }

        if (!_inRecord)
            return false;
        if (line.Length == 0)
            record = Finish();
        else
            Take(line);
        return true;
    }

    private void Take(string line)
    {
        if (_binary.Length > 0)
        {
            _fields[_binary] = line.Length > BinaryHead ? line[BinaryHead..] : "";
            _binary = "";
            return;
        }

        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            _binary = IsWanted(line) ? line : "";
            return;
        }

        if (IsWanted(line[..equals]) && line.Length < FieldLimit)
            _fields[line[..equals]] = line[(equals + 1)..];
    }

    private (KernelLine, string)? Finish()
    {
        var record = Record(_fields);
        _fields.Clear();
        (_inRecord, _binary) = (false, "");
        return record;
    }

    private static (KernelLine, string)? OfJson(string line)
    {
        try
        {
            using var document = JsonText.Parse(line);
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (IsWanted(property.Name))
                    fields[property.Name] = TextOf(property.Value);
            }

            return Record(fields);
        }
        catch (JsonException)
        {
            CollectorsMetrics.Refused("kernel", "journal_json");
            return null;
        }
    }

    // A message with bytes outside plain text is a list of numbers.
    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => System.Text.Encoding.UTF8.GetString(
            [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetByte(out var part) ? part : (byte)'?')]),
        _ => "",
    };

    private static (KernelLine, string)? Record(Dictionary<string, string> fields)
    {
        if (!fields.TryGetValue("MESSAGE", out var message) || fields.GetValueOrDefault("_TRANSPORT", "kernel") != "kernel")
            return null;
        var inner = KernelLine.Parse(message);
        return (inner with
        {
            At = Microseconds(fields, "__REALTIME_TIMESTAMP") is { } us and < 253_402_300_799_000_000 ? DateTimeOffset.UnixEpoch.AddTicks(us * 10) : inner.At,
            SinceBoot = Microseconds(fields, "__MONOTONIC_TIMESTAMP") is { } up and < long.MaxValue / 20 ? TimeSpan.FromTicks(up * 10) : inner.SinceBoot,
            LacksYear = false,
            LacksZone = false,
            Host = fields.GetValueOrDefault("_HOSTNAME", inner.Host),
        }, fields.GetValueOrDefault("_BOOT_ID", ""));
    }

    private static long? Microseconds(Dictionary<string, string> fields, string name) =>
        long.TryParse(fields.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var us) ? us : null;

    private static bool IsWanted(string name) =>
        name is "MESSAGE" or "__REALTIME_TIMESTAMP" or "__MONOTONIC_TIMESTAMP" or "_BOOT_ID" or "_HOSTNAME" or "_TRANSPORT";
}
