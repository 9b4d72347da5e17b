using System.Text;

namespace Observability.Collectors;

/// <summary>Cuts bytes into complete lines; an unfinished last line waits for the next read.</summary>
internal static class LineSplitter
{
    /// <summary>Lines, the bytes they used, and how many were cut at the limit.</summary>
    public static (List<string> Lines, int Used, int Cut) Split(ReadOnlySpan<byte> bytes, int lineBytes)
    {
        var lines = new List<string>();
        int used = 0, cut = 0;
        while (used < bytes.Length)
        {
            var rest = bytes[used..];
            var feed = rest.IndexOf((byte)'\n');
            if (feed < 0 && rest.Length < lineBytes)
                break;
            var length = feed < 0 ? rest.Length : feed;
            if (length > lineBytes)
            {
                length = lineBytes;
                cut++;
            }

            lines.Add(Encoding.UTF8.GetString(rest[..length]).TrimEnd('\r'));
            used += feed < 0 ? rest.Length : feed + 1;
        }

        return (lines, used, cut);
    }
}
