using Observability.Model;
using Observability.Slos;

namespace Observability.Server;

/// <summary>Takes exclusions from the journal to the SLO engine, after a restart too.</summary>
internal sealed class ExclusionReader(SloEngine slos) : IJournalReader
{
    public void Read(JournalRecord record, bool isReplay)
    {
        if (record.Entry is CommandAccepted { Command: ExcludeFromBudget exclude })
            slos.Exclude(exclude.Exclusion);
    }
}
