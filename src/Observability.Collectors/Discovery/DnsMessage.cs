using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Observability.Collectors;

/// <summary>
/// A question and its answer in the wire format of DNS (RFC 1035), as far as discovery needs it: A, AAAA and SRV (RFC 2782) records.
/// </summary>
internal static class DnsMessage
{
    public const ushort A = 1;
    public const ushort Aaaa = 28;
    public const ushort Srv = 33;

    private const int HeaderBytes = 12;

    /// <summary>Writes a question; null where the name is none.</summary>
    public static byte[]? Ask(ushort id, string name, ushort type)
    {
        var bytes = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            var text = Encoding.ASCII.GetBytes(label);
            if (text.Length is 0 or > 63)
                return null;
            bytes.Add((byte)text.Length);
            bytes.AddRange(text);
        }

        bytes.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        return bytes.Count > 300 ? null : [.. bytes];
    }

    /// <summary>
    /// Host and port of each record of the type in an answer to the question with this id; port 0 for addresses. Null with the reason where
    /// it is no answer to it, or one that says no.
    /// </summary>
    public static List<(string Host, int Port)>? Read(ReadOnlySpan<byte> message, ushort id, ushort type, out string error)
    {
        error = "";
        if (message.Length < HeaderBytes || BinaryPrimitives.ReadUInt16BigEndian(message) != id || (message[2] & 0x80) == 0)
            error = "no answer to the question";
        else if ((message[3] & 0x0F) != 0)
            error = $"the server answered with code {message[3] & 0x0F}" + ((message[3] & 0x0F) == 3 ? " (no such name)" : "");
        else if ((message[2] & 0x02) != 0)
            error = "the answer was cut off; ask over TCP or publish fewer records";
        if (error.Length > 0)
            return null;
        var records = new List<(string, int)>();
        var at = HeaderBytes;
        for (var i = BinaryPrimitives.ReadUInt16BigEndian(message[4..]); i > 0; i--)
        {
            if (Name(message, ref at) is null)
                break;
            at += 4;
        }

        for (var i = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); i > 0; i--)
        {
            if (Name(message, ref at) is null || at + 10 > message.Length)
                break;
            var kind = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += 10;
            if (at + length > message.Length)
                break;
            if (kind == type && RecordOf(message, (at, length), type) is { } record)
                records.Add(record);
            at += length;
        }

        return records;
    }

    private static (string Host, int Port)? RecordOf(ReadOnlySpan<byte> message, (int At, int Length) data, ushort type)
    {
        if (type == Srv)
        {
            var name = data.At + 6;
            return data.Length > 6 && Name(message, ref name) is { Length: > 0 } host
                ? (host, BinaryPrimitives.ReadUInt16BigEndian(message[(data.At + 4)..])) : null;
        }

        if (data.Length != (type == A ? 4 : 16))
            return null;
        var address = new IPAddress(message.Slice(data.At, data.Length));
        return (type == A ? address.ToString() : $"[{address}]", 0);
    }

    // Names may point back into the message; a name that points around in circles is refused after a few jumps.
    private static string? Name(ReadOnlySpan<byte> message, ref int at)
    {
        var name = new StringBuilder();
        var (here, jumps, isMoved) = (at, 0, false);
        while (here < message.Length)
        {
            int length = message[here];
            if (length == 0)
            {
                at = isMoved ? at : here + 1;
                return name.ToString();
            }

            if ((length & 0xC0) == 0xC0)
            {
                if (here + 1 >= message.Length || ++jumps > 16)
                    return null;
                if (!isMoved)
                    at = here + 2;
                isMoved = true;
                here = ((length & 0x3F) << 8) | message[here + 1];
                continue;
            }

            if (length > 63 || here + 1 + length > message.Length || name.Length > 255)
                return null;
            if (name.Length > 0)
                name.Append('.');
            name.Append(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(message.Slice(here + 1, length))}");
            here += 1 + length;
        }

        return null;
    }
}
