using System.Collections.Immutable;
using System.Text.Json;
using Observability.Content;

namespace Observability.Server;

/// <summary>
/// Build, then swap: the files are read and checked on the caller's thread, and only what is free of faults waits for the one
/// thread that steps the platform. Stages fold the journal under the runbooks and SLOs they began with, so those
/// change with a restart; the outcome says which.
/// </summary>
internal sealed class ContentReload(ContentOptions options, ContentSet begun, TimeProvider clock, bool experimental)
{
    private volatile ReloadStatus _status = new(clock.GetUtcNow(), null, 0);

    private ContentSet? _waiting;
    private ContentSet? _newest;

    /// <summary>How the last read went.</summary>
    public ReloadStatus Status => _status;

    /// <summary>Reads both folders. Thread-safe.</summary>
    public ReloadOutcome Read()
    {
        var (content, findings) = ContentCheck.Read(options.Rules, options.Runbooks, experimental);
        if (findings.Count > 0)
        {
            ServerMetrics.ContentRefused.Add(findings.Count);
            _status = _status with { FailedAt = clock.GetUtcNow(), Findings = findings.Count };
            var kept = Volatile.Read(ref _newest) ?? begun;
            return new ReloadOutcome(kept.RuleGroups.Length, CountRules(kept), findings, []);
        }

        _status = new ReloadStatus(clock.GetUtcNow(), null, 0);
        Volatile.Write(ref _newest, content);
        Volatile.Write(ref _waiting, content);
        return new ReloadOutcome(content.RuleGroups.Length, CountRules(content), [], NeedsRestart(content));
    }

    /// <summary>The content that waits to be put in force; null where none does.</summary>
    public ContentSet? Take() => Interlocked.Exchange(ref _waiting, null);

    private static int CountRules(ContentSet content) => content.RuleGroups.Sum(group => group.Rules.Length);

    private List<string> NeedsRestart(ContentSet content)
    {
        List<string> changed = [];
        if (Differ(begun.Slos, content.Slos))
            changed.Add("slos");
        if (Differ(begun.Runbooks, content.Runbooks))
            changed.Add("runbooks");
        return changed;
    }

    private static bool Differ<T>(ImmutableArray<T> before, ImmutableArray<T> after) =>
        JsonSerializer.Serialize(before) != JsonSerializer.Serialize(after);
}
