using System.Text.Json.Nodes;

namespace Observability.Server;

/// <summary>A set whose labels lie beside its cases, so that answers can be scored here.</summary>
internal interface ILabelledSet : IPredictionSet
{
    /// <summary>Reads the labels below the folder and scores the answers against them. A case without an answer counts as missed.</summary>
    /// <param name="path">The folder that <see cref="IPredictionSet.Answer"/> was asked about.</param>
    /// <param name="answers">What it said.</param>
    EvalScore Score(string path, IReadOnlyList<JsonObject> answers);
}
