namespace Observability.Model;

/// <summary>
/// A step of the pipeline: values in, values out. Synchronous, single-threaded, without I/O, clock or randomness of its
/// own; its state is a fold over what it has processed, so that replaying the inputs rebuilds it.
/// </summary>
public interface IStage<in TIn, out TOut>
{
    /// <summary>Name for metrics, traces and the drawing: the verb, for example <c>deduplicate</c>.</summary>
    string Name { get; }

    /// <summary>Takes one item and gives what follows from it, in order.</summary>
    IEnumerable<TOut> Process(TIn item, DateTimeOffset now);

    /// <summary>
    /// Gives what follows from time alone (a settle window closed, a hold expired). The host calls it on a fixed grid of
    /// one second, before any item of a later time, so that a replay sees the same ticks.
    /// </summary>
    IEnumerable<TOut> Advance(DateTimeOffset now) => [];

    /// <summary>Gives what follows from a command; commands that are not this stage's business give nothing.</summary>
    IEnumerable<TOut> Accept(Command command, DateTimeOffset now) => [];
}
