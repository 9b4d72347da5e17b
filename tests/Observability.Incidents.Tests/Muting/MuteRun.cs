using System.Globalization;
using Observability.Model;

namespace Observability.Incidents.Tests.Muting;

/// <summary>The steps from silence to mute, joined as the server joins them; says in one line each who falls quiet and who tells again.</summary>
internal sealed class MuteRun
{
    private readonly Silencer _silencer = new();
    private readonly Inhibit _inhibit;
    private readonly Correlate _correlate;
    private readonly List<IncidentChange> _seen = [];

    public MuteRun(TopologyView view)
    {
        _inhibit = new Inhibit(view);
        _correlate = new Correlate(new IncidentsOptions(), view);
        Mute = new Mute(_silencer.Silences, view);
    }

    public Mute Mute { get; }

    /// <summary>All changes so far.</summary>
    public IReadOnlyList<IncidentChange> Seen => _seen;

    public string[] Fire(Alert alert, double at, params NoiseMark[] marks) =>
        Send(new ScreenedAlert(new AlertTransition(alert, AlertTransitionKind.Fired, Make.At(at)), [.. marks]), at);

    public string[] End(Alert alert, double at) => Send(Make.Ends(alert, at), at);

    public string[] Silence(Silence silence, double at) => Accept(new CreateSilence(silence) { Actor = silence.CreatedBy, Door = "test", At = Make.At(at) }, at);

    public string[] Expire(string id, double at) => Accept(new ExpireSilence(id) { Actor = "ana", Door = "test", At = Make.At(at) }, at);

    public string[] Tick(double at)
    {
        var now = Make.At(at);
        _ = _silencer.Advance(now);
        return Told([.. _correlate.Advance(now).SelectMany(change => Mute.Process(change, now)), .. Mute.Advance(now)]);
    }

    public static Silence Of(string id, string alert, double from, double to) => new()
    {
        Id = id,
        Matchers = [new LabelMatcher(AlertLabel.Name, alert, IsRegex: true)],
        StartsAt = Make.At(from),
        EndsAt = Make.At(to),
        CreatedBy = "ana",
        Comment = "known",
    };

    private string[] Accept(Command command, double at)
    {
        var now = Make.At(at);
        _ = _silencer.Accept(command, now);
        return Told([.. _correlate.Accept(command, now).SelectMany(change => Mute.Process(change, now)), .. Mute.Accept(command, now)]);
    }

    private string[] Send(ScreenedAlert item, double at)
    {
        var now = Make.At(at);
        return Told([.. _silencer.Process(item, now).SelectMany(one => _inhibit.Process(one, now)).SelectMany(one => _correlate.Process(one, now)).SelectMany(one => Mute.Process(one, now))]);
    }

    private string[] Told(IncidentChange[] changes)
    {
        _seen.AddRange(changes);
        return [.. changes.Where(change => change.Kind is IncidentChangeKind.Muted or IncidentChangeKind.Unmuted).Select(Word)];
    }

    private static string Word(IncidentChange change) => change.Incident.Mute is { } mute
        ? string.Create(CultureInfo.InvariantCulture, $"{change.Incident.Id} {change.Kind} by {mute.By} until {(mute.Until is { } until ? (until - Make.At(0)).TotalSeconds : "whenever")}{(mute.IsInDigest ? ", digest" : "")}")
        : $"{change.Incident.Id} {change.Kind}";
}
