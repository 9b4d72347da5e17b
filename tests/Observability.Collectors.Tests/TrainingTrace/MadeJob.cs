namespace Observability.Collectors.Tests;

/// <summary>The shape of a made-up training job and what is wrong with it.</summary>
internal sealed record MadeJob(int Copies, int Stages, int Chunks, int MicroBatches, int Steps, int Seed)
{
    /// <summary>Time of a forward pass through one chunk, in seconds; a backward pass takes twice that.</summary>
    public double Forward { get; init; } = 0.1;

    /// <summary>How many times as long a worker computes.</summary>
    public Func<int, int, double> Worker { get; init; } = (_, _) => 1;

    /// <summary>How many times as long a stage's chunk computes: its share of the layers.</summary>
    public Func<int, int, double> Layers { get; init; } = (_, _) => 1;

    /// <summary>Standard deviation of the logarithm of a micro-batch's work.</summary>
    public double SequenceSpread { get; init; }

    /// <summary>Standard deviation of the logarithm of each pass on its own.</summary>
    public double Jitter { get; init; } = 0.01;

    /// <summary>Seconds of a transfer between stages.</summary>
    public Func<int, int, double> Transfer { get; init; } = (_, _) => 0.002;

    /// <summary>Seconds of the reduction of gradients of a stage.</summary>
    public double Reduce { get; init; } = 0.05;

    /// <summary>Whether halves of transfers that have no other side are recorded, as some profilers do.</summary>
    public bool RecordsEnds { get; init; } = true;
}
