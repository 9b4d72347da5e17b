using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// What people have silenced, kept by the <see cref="Silencer"/> and read by the steps after it. It knows when the next silence begins or ends, so
/// that a tick at which none does costs nothing.
/// </summary>
public sealed class Silences
{
    /// <summary>Most silences that are in force or planned.</summary>
    public const int Maximum = 10_000;

    private readonly SortedDictionary<string, Silence> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private DateTimeOffset _next = DateTimeOffset.MaxValue;

    /// <summary>Which silences began and ended when any last did. A reader compares the reference to see whether that is news.</summary>
    internal Step Latest { get; private set; } = new([], []);

    /// <summary>The silence in force that matches, of several the one that ends last; null where none does.</summary>
    public Silence? Covering(LabelSet labels, DateTimeOffset now)
    {
        Silence? last = null;
        foreach (var silence in _byId.Values)
        {
            if ((last is null || silence.EndsAt > last.EndsAt) && silence.Covers(labels, now))
                last = silence;
        }

        return last;
    }

    /// <summary>Takes what a person asked for; other commands are not its business. One that is created again replaces itself.</summary>
    internal void Accept(Command command, DateTimeOffset now)
    {
        switch (command)
        {
            case CreateSilence { Silence: var silence } when _byId.Count < Maximum || _byId.ContainsKey(silence.Id):
                var isKnown = _byId.ContainsKey(silence.Id);
                _byId[silence.Id] = silence;
                _begun.Remove(silence.Id);
                Move(isKnown ? [silence.Id] : [], now);
                break;
            case ExpireSilence { SilenceId: var id } when _byId.Remove(id):
                _begun.Remove(id);
                Move([id], now);
                break;
        }
    }

    /// <summary>Lets silences begin and end.</summary>
    internal void Advance(DateTimeOffset now)
    {
        if (now >= _next)
            Move([], now);
    }

    private void Move(ImmutableHashSet<string> gone, DateTimeOffset now)
    {
        Silence[] over = [.. _byId.Values.Where(silence => silence.EndsAt <= now)];
        foreach (var silence in over)
        {
            _byId.Remove(silence.Id);
            _begun.Remove(silence.Id);
        }

        ImmutableArray<Silence> begun = [.. _byId.Values.Where(silence => silence.StartsAt <= now && _begun.Add(silence.Id))];
        _next = _byId.Values.Select(silence => _begun.Contains(silence.Id) ? silence.EndsAt : silence.StartsAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        var ended = gone.Union(over.Select(silence => silence.Id));
        if (!begun.IsEmpty || !ended.IsEmpty)
            Latest = new Step(begun, ended);
    }

    /// <summary>Silences that came into force and that went out of force at one time; one that was replaced is in both.</summary>
    internal sealed record Step(ImmutableArray<Silence> Begun, ImmutableHashSet<string> Ended);
}
