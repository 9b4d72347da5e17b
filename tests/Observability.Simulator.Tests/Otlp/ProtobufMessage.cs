using System.Buffers.Binary;
using System.Text;

namespace Observability.Simulator.Tests;

/// <summary>A protobuf message taken apart by field number: the slow, obvious reading that the writer is compared with.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, byte[] Bytes, ulong Number)> _fields = [];

    public ProtobufMessage(byte[] body)
    {
        for (var at = 0; at < body.Length;)
        {
            var tag = Varint(body, ref at);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add(((int)(tag >> 3), [], Varint(body, ref at)));
                    break;
                case 1:
                    _fields.Add(((int)(tag >> 3), [], BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(at, 8))));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(body, ref at);
                    _fields.Add(((int)(tag >> 3), body[at..(at + length)], 0));
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7} at {at}");
            }
        }
    }

    public IEnumerable<ProtobufMessage> Messages(int field) => _fields.Where(one => one.Field == field).Select(one => new ProtobufMessage(one.Bytes));

    public ProtobufMessage Message(int field) => Messages(field).Single();

    public string Text(int field) => Encoding.UTF8.GetString(_fields.Single(one => one.Field == field).Bytes);

    public ulong? Number(int field) => _fields.Where(one => one.Field == field).Select(one => (ulong?)one.Number).SingleOrDefault();

    private static ulong Varint(byte[] body, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = body[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
