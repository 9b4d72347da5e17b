using System.Buffers.Binary;
using System.Text;

namespace Observability.Collectors.Tests;

/// <summary>Writes plain values as a pickle of protocol 2, the way PyTorch's pickler does.</summary>
internal static class PickleWriter
{
    public static byte[] Write(object? value)
    {
        var to = new List<byte> { 0x80, 2 };
        Put(to, value);
        to.Add((byte)'.');
        return [.. to];
    }

    private static void Put(List<byte> to, object? value)
    {
        switch (value)
        {
            case null: to.Add((byte)'N'); break;
            case bool flag: to.Add(flag ? (byte)0x88 : (byte)0x89); break;
            case int number: Put(to, (long)number); break;
            case long and >= 0 and < 256: to.AddRange([(byte)'K', (byte)(long)value]); break;
            case long number: to.AddRange([0x8a, 8, .. Bytes(8, span => BinaryPrimitives.WriteInt64LittleEndian(span, number))]); break;
            case double real: to.AddRange([(byte)'G', .. Bytes(8, span => BinaryPrimitives.WriteDoubleBigEndian(span, real))]); break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                to.AddRange([(byte)'X', .. Bytes(4, span => BinaryPrimitives.WriteInt32LittleEndian(span, bytes.Length)), .. bytes]);
                break;
            case System.Collections.IDictionary map:
                to.AddRange("}("u8);
                foreach (System.Collections.DictionaryEntry pair in map)
                {
                    Put(to, pair.Key);
                    Put(to, pair.Value);
                }

                to.Add((byte)'u');
                break;
            case System.Collections.IEnumerable list:
                to.AddRange("](".Select(letter => (byte)letter));
                foreach (var item in list)
                    Put(to, item);
                to.Add((byte)'e');
                break;
            default: throw new ArgumentException($"{value.GetType()} is not plain");
        }
    }

    private static byte[] Bytes(int count, Action<byte[]> write)
    {
        var bytes = new byte[count];
        write(bytes);
        return bytes;
    }
}
