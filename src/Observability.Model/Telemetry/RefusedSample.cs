using System.Globalization;

namespace Observability.Model;

/// <summary>A sample that was not stored.</summary>
/// <param name="Series">Its series.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Reason">Why.</param>
/// <param name="NewestUnixMilliseconds">Time of the newest stored sample of the series; null where it has none.</param>
public sealed record RefusedSample(LabelSet Series, Sample Sample, SampleRefusal Reason, long? NewestUnixMilliseconds = null)
{
    /// <summary>The series, the sample and what is wrong with it, as one sentence for the sender.</summary>
    public override string ToString()
    {
        var value = Sample.Value.ToString("R", CultureInfo.InvariantCulture);
        return $"{Series} {value} at {Show(Sample.UnixMilliseconds)}: {Why()}";
    }

    private string Why() => Reason switch
    {
        SampleRefusal.OutOfOrder => $"out of order: the newest stored sample is of {Show(NewestUnixMilliseconds ?? 0)}",
        SampleRefusal.Duplicate => "duplicate: another value is stored for this time",
        SampleRefusal.SeriesLimit => "the series is new and the limit of series is reached",
        SampleRefusal.MemoryLimit => "the series is new and the limit of memory is reached",
        _ => "too old: it is past the retention",
    };

    private static string Show(long unixMilliseconds) => unixMilliseconds is > -62_135_596_800_000 and < 253_402_300_800_000
        ? DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
        : $"{unixMilliseconds} ms";
}
