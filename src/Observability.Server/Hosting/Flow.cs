using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Stages joined into one: an item goes through all of them before the next one starts, so that order, and with it every
/// result, is the same in a replay. docs/decisions/0002 says why the stages share one thread.
/// </summary>
/// <typeparam name="TIn">What enters the first stage.</typeparam>
/// <typeparam name="TOut">What leaves the last one.</typeparam>
public sealed class Flow<TIn, TOut>
{
    private readonly Func<TIn, DateTimeOffset, IEnumerable<TOut>> _process;
    private readonly Func<DateTimeOffset, IEnumerable<TOut>> _advance;
    private readonly Func<Command, DateTimeOffset, IEnumerable<TOut>> _accept;

    internal Flow(
        Func<TIn, DateTimeOffset, IEnumerable<TOut>> process,
        Func<DateTimeOffset, IEnumerable<TOut>> advance,
        Func<Command, DateTimeOffset, IEnumerable<TOut>> accept)
    {
        (_process, _advance, _accept) = (process, advance, accept);
    }

    /// <summary>Sends one item through all stages.</summary>
    public IEnumerable<TOut> Process(TIn item, DateTimeOffset now) => _process(item, now);

    /// <summary>Lets every stage act on time, the first stage first.</summary>
    public IEnumerable<TOut> Advance(DateTimeOffset now) => _advance(now);

    /// <summary>Offers a command to every stage, the first stage first.</summary>
    public IEnumerable<TOut> Accept(Command command, DateTimeOffset now) => _accept(command, now);

    /// <summary>Adds a stage at the end.</summary>
    public Flow<TIn, TNext> Through<TNext>(IStage<TOut, TNext> stage)
    {
        var metered = new MeteredStage<TOut, TNext>(stage);
        return new Flow<TIn, TNext>(
            (item, now) => _process(item, now).SelectMany(next => metered.Process(next, now)),
            now => _advance(now).SelectMany(next => metered.Process(next, now)).Concat(Later(() => metered.Advance(now))),
            (command, now) => _accept(command, now).SelectMany(next => metered.Process(next, now))
                .Concat(Later(() => metered.Accept(command, now))));
    }

    /// <summary>Lets a reader see every item that passes here, for the journal.</summary>
    public Flow<TIn, TOut> Record(Action<TOut> reader)
    {
        IEnumerable<TOut> Seen(IEnumerable<TOut> items)
        {
            foreach (var item in items)
            {
                reader(item);
                yield return item;
            }
        }

        return new Flow<TIn, TOut>(
            (item, now) => Seen(_process(item, now)), now => Seen(_advance(now)), (command, now) => Seen(_accept(command, now)));
    }

    // The upstream stages must have acted before this one is asked, so the call waits until the items before it are read.
    private static IEnumerable<T> Later<T>(Func<IEnumerable<T>> items)
    {
        foreach (var item in items())
            yield return item;
    }
}
