using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary>
/// Hands journaled intents to the effect worker. In a replay it keeps those without an outcome: nobody knows whether
/// they happened, so they run again, and every action looks first whether its effect is there already.
/// </summary>
internal sealed class EffectReader(EffectWorker worker) : IJournalReader
{
    private readonly Dictionary<string, StepIntent> _uncertain = new(StringComparer.Ordinal);

    public void Read(JournalRecord record, bool isReplay)
    {
        switch (record.Entry)
        {
            case StepIntended intended when isReplay:
                _uncertain[intended.Intent.OperationId] = intended.Intent;
                break;
            case StepIntended intended:
                worker.Enqueue(intended.Intent);
                break;
            case StepCompleted completed when isReplay:
                _uncertain.Remove(completed.Outcome.Intent.OperationId);
                break;
        }
    }

    /// <summary>Hands over what the replay left uncertain.</summary>
    public void Resume()
    {
        foreach (var intent in _uncertain.Values.OrderBy(intent => intent.At).ThenBy(intent => intent.OperationId, StringComparer.Ordinal))
            worker.Enqueue(intent);
        _uncertain.Clear();
    }
}
