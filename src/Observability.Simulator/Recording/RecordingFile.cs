using System.Buffers;
using System.IO.Compression;

namespace Observability.Simulator;

/// <summary>A file of a recording that grows. Compressed ones are gzip members one after the other, which is gzip again.</summary>
internal sealed class RecordingFile(string path, bool isCompressed)
{
    // Four thousand files are open in the mind at once: a little of each, not a stream of each.
    private const int Buffered = 32 * 1_024;

    private readonly ArrayBufferWriter<byte> _text = new(1_024);
    private readonly string _path = isCompressed ? path + ".gz" : path;

    /// <summary>Where to write to; call <see cref="Settle"/> afterwards.</summary>
    public IBufferWriter<byte> Text => _text;

    /// <summary>Writes out what has gathered, once it is worth it.</summary>
    public void Settle()
    {
        if (_text.WrittenCount >= Buffered)
            Flush();
    }

    /// <summary>Writes out all that has gathered.</summary>
    public void Flush()
    {
        if (_text.WrittenCount == 0)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using (var file = new FileStream(_path, FileMode.Append, FileAccess.Write))
        {
            if (isCompressed)
            {
                using var member = new GZipStream(file, CompressionLevel.Fastest);
                member.Write(_text.WrittenSpan);
            }
            else
            {
                file.Write(_text.WrittenSpan);
            }
        }

        _text.ResetWrittenCount();
    }
}
