using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// What requests of all signals share in protobuf: groups, resources, attributes, values. Field numbers are those of opentelemetry-proto
/// (common/v1/common.proto); unknown fields are skipped.
/// </summary>
internal static class OtlpProtobuf
{
    private const int MaxDepth = 8;

    /// <summary>Reads one item of a scope and adds it.</summary>
    internal delegate bool ReadItem<T>(ReadOnlySpan<byte> message, List<T> into);

    /// <summary>
    /// Walks the shape that all signals share: groups 1 { resource 1 { attributes 1 }, scopes 2 { items 2 } }. False where the bytes are
    /// no such message.
    /// </summary>
    internal static bool ReadGroups<T>(
        ReadOnlySpan<byte> request, List<T> items, ReadItem<T> read, Action<T, IReadOnlyList<KeyValuePair<string, string>>> own)
    {
        var ok = true;
        var groups = new ProtoReader(request);
        while (groups.Next())
        {
            if (groups is not { Field: 1, IsBytes: true })
                continue;
            var (first, resource) = (items.Count, new List<KeyValuePair<string, string>>());
            var group = new ProtoReader(groups.Bytes);
            while (group.Next())
            {
                if (group is { Field: 1, IsBytes: true })
                    ok &= ReadAttributes(group.Bytes, 1, resource);
                else if (group is { Field: 2, IsBytes: true })
                    ok &= ReadScope(group.Bytes, items, read);
            }

            ok &= !group.IsBroken;
            foreach (var item in items.Skip(first))
                own(item, resource);
        }

        return ok && !groups.IsBroken;
    }

    private static bool ReadScope<T>(ReadOnlySpan<byte> message, List<T> items, ReadItem<T> read)
    {
        var ok = true;
        var scope = new ProtoReader(message);
        while (scope.Next())
        {
            if (scope is { Field: 2, IsBytes: true })
                ok &= read(scope.Bytes, items);
        }

        return ok && !scope.IsBroken;
    }

    private static bool ReadAttributes(ReadOnlySpan<byte> message, int field, List<KeyValuePair<string, string>> into)
    {
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == field && reader.IsBytes)
                ok &= ReadAttribute(reader.Bytes, into);
        }

        return ok && !reader.IsBroken;
    }

    internal static bool ReadAttribute(ReadOnlySpan<byte> message, List<KeyValuePair<string, string>> into)
    {
        string key = "", value = "";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 1, IsBytes: true })
                key = reader.Text;
            else if (reader is { Field: 2, IsBytes: true })
                value = ReadValue(reader.Bytes, 0);
        }

        into.Add(new(key, value));
        return !reader.IsBroken;
    }

    // AnyValue: string 1, bool 2, int 3, double 4, array 5; other kinds are not labels.
    internal static string ReadValue(ReadOnlySpan<byte> message, int depth)
    {
        var reader = new ProtoReader(message);
        var value = "";
        while (reader.Next())
        {
            value = reader.Field switch
            {
                1 => reader.Text,
                2 => reader.Number != 0 ? "true" : "false",
                3 => ((long)reader.Number).ToString(CultureInfo.InvariantCulture),
                4 => reader.Double.ToString("R", CultureInfo.InvariantCulture),
                5 when depth < MaxDepth => ReadArray(reader.Bytes, depth),
                _ => value,
            };
        }

        return value;
    }

    private static string ReadArray(ReadOnlySpan<byte> message, int depth)
    {
        var items = new List<string>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 1, IsBytes: true })
                items.Add(ReadValue(reader.Bytes, depth + 1));
        }

        return string.Join(',', items);
    }
}
