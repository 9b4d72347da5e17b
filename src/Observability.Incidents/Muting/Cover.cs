using Observability.Model;

namespace Observability.Incidents;

/// <summary>What keeps an alert quiet.</summary>
/// <param name="By">The silence, or the fingerprint of the alert that announces work.</param>
/// <param name="Reason">One sentence for people.</param>
/// <param name="Until">When it ends by itself; null where nobody announced it.</param>
internal sealed record Cover(string By, string Reason, DateTimeOffset? Until)
{
    public static Cover Of(Silence silence) => new(silence.Id, Silencer.WordsOf(silence), silence.EndsAt);

    /// <summary>Work on a place. What another system announces it says again and again, so that its end is a heartbeat's and no promise.</summary>
    public static Cover Of(Alert work, string place) => new($"{work.Fingerprint:x16}", $"announced maintenance of {place}", work.Origin == AlertOrigin.External ? null : work.EndsAt);
}
