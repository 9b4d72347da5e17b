using Microsoft.Extensions.Logging.Abstractions;
using Observability.Incidents;
using Observability.Model;
using Observability.Response;
using Observability.Storage;

namespace Observability.Server;

/// <summary>What the classifier remembers, read back from a journal without becoming its leader: the same stages that wrote it.</summary>
internal static class JournalMemory
{
    /// <summary>The stage as it would be after a restart.</summary>
    public static async Task<ScoreNoise> ReadAsync(string path, ModelShelf shelf, CancellationToken cancellationToken)
    {
        var topology = new TopologyView();
        var stages = new PipelineStages(topology, new IncidentsOptions(), new ResponseOptions(), [], new LearnedModels(CauseModel.Untrained(), shelf));
        var flow = FlowStart.From<AlertTransition>().Through(stages.DampFlapping).Through(stages.Silence).Through(stages.Inhibit).Through(stages.ScoreNoise);
        await foreach (var record in new JournalReader(path, new JournalOptions(), NullLogger.Instance).ReadAsync(0, cancellationToken))
        {
            switch (record.Entry)
            {
                case AlertChanged changed: Drain(flow.Process(changed.Transition, record.At)); break;
                case CommandAccepted accepted: Drain(flow.Accept(accepted.Command, record.At)); break;
                case TopologyChanged changed: topology.Apply(changed.Change); break;
                case IncidentChanged changed: stages.ScoreNoise.Memory.Follow(changed.Change); break;
                case QuestionAsked asked: stages.ScoreNoise.Memory.Ask(asked.Question); break;
                case ModelTrained trained: stages.ScoreNoise.Memory.Train(trained.Training); break;
            }
        }

        return stages.ScoreNoise;
    }

    private static void Drain<T>(IEnumerable<T> items)
    {
        foreach (var _ in items)
        {
        }
    }
}
