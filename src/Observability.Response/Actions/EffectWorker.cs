using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Carries out journaled intents and reports what became of them. Intents whose outcome a crash swallowed come in again
/// through the same door: every action looks first whether its effect is there already. Within one process an operation
/// is carried out once.
/// </summary>
public sealed class EffectWorker(IEnumerable<IAction> actions, ILogger<EffectWorker> logger)
{
    private const int Concurrency = 16;
    private const int MostWaiting = 100_000;

    // More than can wait, so that a repeat is known while its first is still queued.
    private const int RememberedOperations = 2 * MostWaiting;

    private readonly Dictionary<string, IAction> _actions = actions.ToDictionary(action => action.Name, StringComparer.Ordinal);
    private readonly Channel<StepIntent> _queue = Channel.CreateBounded<StepIntent>(MostWaiting);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();

    /// <summary>Queues an intent that is in the journal; false where it was queued before or the queue is full, after which its run intends it again.</summary>
    public bool Enqueue(StepIntent intent)
    {
        ArgumentNullException.ThrowIfNull(intent);
        if (_seen.Contains(intent.OperationId))
            return Drop("repeated");
        if (!_queue.Writer.TryWrite(intent))
            return Drop("queue_full");
        _seen.Add(intent.OperationId);
        _oldest.Enqueue(intent.OperationId);
        if (_oldest.Count > RememberedOperations)
            _seen.Remove(_oldest.Dequeue());
        return true;
    }

    /// <summary>Carries out everything that is queued; outcomes come back in the order of the intents.</summary>
    public async Task<IReadOnlyList<StepOutcome>> RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcomes = new List<StepOutcome>();
        while (_queue.Reader.Count > 0)
        {
            var batch = new List<StepIntent>();
            while (batch.Count < Concurrency && _queue.Reader.TryRead(out var intent))
                batch.Add(intent);
            outcomes.AddRange(await Task.WhenAll(batch.Select(intent => RunAsync(intent, now, cancellationToken))));
        }

        return outcomes;
    }

    private static bool Drop(string reason)
    {
        ResponseMetrics.StepsDropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
        return false;
    }

    private async Task<StepOutcome> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (result, detail) = (StepResult.Impossible, $"no provider for action {intent.Action} is configured");
        if (_actions.TryGetValue(intent.Action, out var action))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(intent.Timeout);
            try
            {
                (result, detail) = await action.RunAsync(intent, now, limit.Token);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                // An effect is a boundary to the outside: whatever goes wrong there is an outcome, and the run decides.
                (result, detail) = (StepResult.Failed, fault is OperationCanceledException ? $"no answer within {intent.Timeout.TotalSeconds:0} s" : fault.Message);
                ResponseLog.StepFailed(logger, intent.OperationId, detail);
            }
        }

        ResponseMetrics.Steps.Add(1, new KeyValuePair<string, object?>("action", intent.Action), new KeyValuePair<string, object?>("result", result.ToString()));
        return new StepOutcome(intent, result, detail, now);
    }
}
