namespace Observability.Metrics;

/// <summary>
/// Keeps a second process from a store's file: what one writes the other would not see, and both would number series on their own.
/// The lock goes with the process, however it ends; its empty file stays.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="IOException">Another process, or another store of this one, has the file open.</exception>
    public StoreLock(string database)
    {
        var path = database + ".lock";
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"{database} is in use ({path} cannot be locked: {fault.Message}); stop the server that has it open", fault);
        }
    }

    public void Dispose() => _file.Dispose();
}
