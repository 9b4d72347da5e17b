namespace Observability.Storage;

/// <summary>Options of the journal.</summary>
public sealed class JournalOptions
{
    /// <summary>Longest wait for another process that holds the file's write lock.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Records read from the file at once.</summary>
    public int ReadPage { get; set; } = 1000;

    /// <summary>Newest records checked when the journal is opened; 0 checks none.</summary>
    public int TailChecked { get; set; } = 1000;

    /// <summary>Damages kept for display; later ones are counted and logged only.</summary>
    public int MaximumDamages { get; set; } = 100;
}
