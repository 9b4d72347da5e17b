namespace Observability.Model;

/// <summary>The append-only truth. One writer at a time, fenced by its epoch; any number of readers.</summary>
public interface IJournal
{
    /// <summary>
    /// Appends all entries in one durable transaction and returns them with their sequence numbers.
    /// Fails with <see cref="JournalFencedException"/> where a later epoch has begun.
    /// </summary>
    ValueTask<IReadOnlyList<JournalRecord>> AppendAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Reads records after a sequence number, oldest first, up to the end of the moment.</summary>
    IAsyncEnumerable<JournalRecord> ReadAsync(long afterSequence, CancellationToken cancellationToken);
}
