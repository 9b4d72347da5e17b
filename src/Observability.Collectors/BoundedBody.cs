namespace Observability.Collectors;

/// <summary>Reads a stream up to a limit.</summary>
internal static class BoundedBody
{
    /// <summary>The whole stream; fails with <see cref="InvalidDataException"/> past the limit.</summary>
    public static async Task<byte[]> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > limit)
                throw new InvalidDataException($"the body has more than {limit} bytes");
            await body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return body.ToArray();
    }
}
