using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Reads a Python pickle (protocols 0 to 5) without running it. It knows the opcodes of plain data: dict, list, tuple, set, str,
/// bytes, int, float, bool and None. Whatever names or calls something (<c>GLOBAL</c>, <c>REDUCE</c>, <c>BUILD</c>, <c>INST</c>,
/// persistent ids, extensions, out-of-band buffers) is refused, so that a dump can never execute anything here.
/// Opcodes as in CPython's pickletools: https://github.com/python/cpython/blob/main/Lib/pickletools.py
/// <code>80 02 7d 71 00 28 58 07 00 00 00 76 65 72 73 69 6f 6e …   PROTO 2, EMPTY_DICT, BINPUT 0, MARK, BINUNICODE "version" …</code>
/// </summary>
/// <remarks>
/// Values are <see cref="Dictionary{TKey,TValue}"/> by text of the key, <see cref="List{T}"/> of values (lists, tuples, sets), string,
/// <c>byte[]</c>, long, double, bool and null. An integer beyond 64 bits becomes a double.
/// </remarks>
internal ref struct PickleReader(ReadOnlySpan<byte> bytes)
{
    // A one-byte opcode makes an object of about 60 bytes: without a limit a small file could fill the memory.
    private const int ValueLimit = 4_000_000;

    private static readonly object Mark = new();

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;
    private int _values;

    /// <summary>True where the bytes begin as a binary pickle does: <c>PROTO</c> and its number.</summary>
    public static bool Recognises(ReadOnlySpan<byte> head) => head.Length > 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5;

    /// <summary>The one value of the pickle.</summary>
    /// <exception cref="PickleFault">It is cut, too large, or holds more than data; the message tells where.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes) => new PickleReader(bytes).ReadAll();

    private object? ReadAll()
    {
        while (true)
        {
            var start = _at;
            var opcode = (char)Take(1)[0];
            if (opcode == '.')
                return Pop();
            if (!Container(opcode) && !Scalar(opcode) && !Memo(opcode))
                throw new PickleFault($"byte {start}: opcode 0x{(int)opcode:x2} {Name(opcode)} is not plain data and is never executed; convert the dump to JSON where it is trusted");
        }
    }

    private bool Container(char opcode)
    {
        switch (opcode)
        {
            case '\x80': Take(1); return true; // PROTO
            case '\x95': Take(8); return true; // FRAME
            case '(': Push(Mark); return true;
            case '0': Pop(); return true;
            case '1': PopToMark(); return true;
            case '2': Push(Peek()); return true;
            case '}': Push(new Dictionary<string, object?>(StringComparer.Ordinal)); return true;
            case ']' or ')' or '\x8f': Push(new List<object?>()); return true;
            case 't' or 'l' or '\x91': Push(PopToMark()); return true;
            case '\x85': Push(PopLast(1)); return true;
            case '\x86': Push(PopLast(2)); return true;
            case '\x87': Push(PopLast(3)); return true;
            case 'a': Append(PopLast(1)); return true;
            case 'e' or '\x90': Append(PopToMark()); return true;
            case 's': Set(PopLast(2)); return true;
            case 'u': Set(PopToMark()); return true;
            case 'd':
                var pairs = PopToMark();
                Push(new Dictionary<string, object?>(StringComparer.Ordinal));
                Set(pairs);
                return true;
            default: return false;
        }
    }

    private bool Scalar(char opcode)
    {
        switch (opcode)
        {
            case 'N': Push(null); return true;
            case '\x88': Push(true); return true;
            case '\x89': Push(false); return true;
            case 'K': Push((long)Take(1)[0]); return true;
            case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); return true;
            case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); return true;
            case '\x8a': PushWhole(Take(Take(1)[0])); return true;
            case '\x8b': PushWhole(Take(Length(4))); return true;
            case 'I' or 'L': Push(WholeText(Line())); return true;
            case 'F': Push(Real(Line())); return true;
            case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); return true;
            case '\x8c': Push(Text(Take(1)[0])); return true;
            case 'X': Push(Text(Length(4))); return true;
            case '\x8d': Push(Text(Length(8))); return true;
            case 'V': Push(Line()); return true;
            case 'U': Push(Text(Take(1)[0])); return true;
            case 'T': Push(Text(Length(4))); return true;
            case 'S': Push(Line().Trim('\'', '"')); return true;
            case 'C': Push(Take(Take(1)[0]).ToArray()); return true;
            case 'B': Push(Take(Length(4)).ToArray()); return true;
            case '\x8e' or '\x96': Push(Take(Length(8)).ToArray()); return true;
            default: return false;
        }
    }

    private bool Memo(char opcode)
    {
        switch (opcode)
        {
            case 'q': _memo[Take(1)[0]] = Peek(); return true;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); return true;
            case 'p': _memo[Index()] = Peek(); return true;
            case '\x94': _memo[_memo.Count] = Peek(); return true;
            case 'h': Push(Recall(Take(1)[0])); return true;
            case 'j': Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); return true;
            case 'g': Push(Recall(Index())); return true;
            default: return false;
        }
    }

    private static string Name(char opcode) => opcode switch
    {
        'c' or '\x93' => "(GLOBAL)",
        'R' => "(REDUCE)",
        'b' => "(BUILD)",
        'i' or 'o' => "(INST)",
        '\x81' or '\x92' => "(NEWOBJ)",
        'P' or 'Q' => "(PERSID)",
        '\x82' or '\x83' or '\x84' => "(EXT)",
        _ => "",
    };

    private object? Recall(long index) =>
        _memo.TryGetValue(index, out var value) ? value : throw new PickleFault($"byte {_at}: memo {index} was never stored");

    private void Append(List<object?> values)
    {
        if (Peek() is not List<object?> list)
            throw new PickleFault($"byte {_at}: items are appended to what is no list");
        list.AddRange(values);
    }

    private void Set(List<object?> pairs)
    {
        if (Peek() is not Dictionary<string, object?> dictionary || pairs.Count % 2 != 0)
            throw new PickleFault($"byte {_at}: pairs are set in what is no dict");
        for (var i = 0; i < pairs.Count; i += 2)
            dictionary[Key(pairs[i])] = pairs[i + 1];
    }

    private string Key(object? key) => key switch
    {
        string text => text,
        long or double or bool => Convert.ToString(key, CultureInfo.InvariantCulture)!,
        _ => throw new PickleFault($"byte {_at}: a dict key must be text or a number"),
    };

    private void PushWhole(ReadOnlySpan<byte> little)
    {
        var value = new BigInteger(little);
        if (value >= long.MinValue && value <= long.MaxValue)
            Push((long)value);
        else
            Push((double)value);
    }

    // INT "01" and "00" are True and False in protocol 0; LONG ends in L.
    private object WholeText(string line) => line switch
    {
        "01" => true,
        "00" => false,
        _ => long.TryParse(line.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole
            : throw new PickleFault($"byte {_at}: '{line}' is no integer"),
    };

    private double Real(string line) => double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
        ? real
        : throw new PickleFault($"byte {_at}: '{line}' is no number");

    private long Index() => WholeText(Line()) is long index ? index : 0;

    private string Text(int length) => Encoding.UTF8.GetString(Take(length));

    private string Line()
    {
        var length = _bytes[_at..].IndexOf((byte)'\n');
        if (length < 0)
            throw new PickleFault($"byte {_at}: the pickle is cut within a line");
        var line = Encoding.UTF8.GetString(Take(length));
        _at++;
        return line;
    }

    private int Length(int size)
    {
        var length = size == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(Take(4)) : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return length <= int.MaxValue ? (int)length : throw new PickleFault($"byte {_at}: a length of {length} bytes is more than the file can hold");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
            throw new PickleFault($"byte {_at}: the pickle is cut; {count} bytes were expected and {_bytes.Length - _at} are there");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private void Push(object? value)
    {
        if (++_values > ValueLimit)
            throw new PickleFault($"byte {_at}: more than {ValueLimit} values");
        _stack.Add(value);
    }

    private readonly object? Peek() => _stack.Count > 0 ? _stack[^1] : throw new PickleFault($"byte {_at}: nothing is on the stack");

    private readonly object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly List<object?> PopLast(int count)
    {
        if (_stack.Count < count)
            throw new PickleFault($"byte {_at}: {count} values were expected on the stack and {_stack.Count} are there");
        var values = _stack.GetRange(_stack.Count - count, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private readonly List<object?> PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw new PickleFault($"byte {_at}: no mark is on the stack");
        var values = _stack.GetRange(mark + 1, _stack.Count - mark - 1);
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }
}
