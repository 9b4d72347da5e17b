namespace Observability.Collectors;

/// <summary>
/// Follows a file through rotation and truncation. A file is recognised by a hash of its first bytes: where they changed or
/// the file is shorter than what was read, it is another file and is read from its start, after the rest of the old one
/// where logrotate left it beside as <c>.1</c>.
/// </summary>
internal sealed class FileTail(string path, TailOptions options) : ILogTail
{
    private const int HeadLimit = 256;

    private bool _seen;

    public async Task<TailRead> ReadAsync(TailPosition? since, CancellationToken cancellationToken)
    {
        var first = !_seen;
        _seen = true;
        if (!File.Exists(path))
            return new TailRead(since, []) { Error = first ? "" : "the file does not exist" };
        try
        {
            await using var file = Open(path);
            if (since is null)
            {
                var start = first && !options.ReadFromStart ? file.Length : 0;
                return await ReadAsync(file, new TailPosition(path, start), cancellationToken);
            }

            if (await IsSameAsync(file, since, cancellationToken))
                return await ReadAsync(file, since, cancellationToken);
            // The rest of the old file first, as many steps as it takes; the position stays one in the old file meanwhile.
            return await RestOfRotatedAsync(since, cancellationToken) is { } rest
                ? rest with { HasMore = true }
                : await ReadAsync(file, new TailPosition(path, 0), cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new TailRead(since, []) { Error = fault.Message };
        }
    }

    private static FileStream Open(string name) =>
        new(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);

    private static async Task<bool> IsSameAsync(FileStream file, TailPosition since, CancellationToken cancellationToken) =>
        file.Length >= since.Offset && await HashHeadAsync(file, since.HeadBytes, cancellationToken) == since.HeadHash;

    private static async Task<ulong> HashHeadAsync(FileStream file, int length, CancellationToken cancellationToken)
    {
        var head = new byte[length];
        file.Position = 0;
        var read = await file.ReadAtLeastAsync(head, length, throwOnEndOfStream: false, cancellationToken);
        var hash = 14695981039346656037UL;
        foreach (var b in head.AsSpan(0, read))
            hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    private async Task<TailRead> ReadAsync(FileStream file, TailPosition since, CancellationToken cancellationToken)
    {
        var bytes = new byte[(int)Math.Min(options.StepBytes, Math.Max(0, file.Length - since.Offset))];
        file.Position = since.Offset;
        var read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var (lines, used, cut) = LineSplitter.Split(bytes.AsSpan(0, read), options.LineBytes);
        var head = (int)Math.Min(HeadLimit, since.Offset + used);
        var position = since with
        {
            Offset = since.Offset + used,
            HeadBytes = head,
            HeadHash = await HashHeadAsync(file, head, cancellationToken),
        };
        return new TailRead(position, lines) { Cut = cut, HasMore = used > 0 && position.Offset < file.Length && read == options.StepBytes };
    }

    // Null where there is no old file, or nothing left in it.
    private async Task<TailRead?> RestOfRotatedAsync(TailPosition since, CancellationToken cancellationToken)
    {
        var rotated = path + ".1";
        if (!File.Exists(rotated) || since.HeadBytes == 0)
            return null;
        await using var file = Open(rotated);
        if (!await IsSameAsync(file, since, cancellationToken))
            return null;
        var rest = await ReadAsync(file, since, cancellationToken);
        return rest.Position!.Offset > since.Offset ? rest : null;
    }
}
