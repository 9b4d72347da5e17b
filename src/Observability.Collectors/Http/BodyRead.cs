using System.Buffers;

namespace Observability.Collectors;

/// <summary>A body that was read under a limit, or what went wrong. Returns its buffer when disposed.</summary>
internal sealed class BodyRead(byte[] buffer, int length, BodyFault fault, string error) : IDisposable
{
    private byte[]? _buffer = buffer;

    public BodyFault Fault => fault;

    public string Error => error;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { Length: > 0 } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
