using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>One column of `kubectl get`: its name, the cell of an object, whether only `-o wide` shows it.</summary>
internal sealed record TableColumn(string Name, Func<JsonObject, DateTimeOffset, string> Read, bool Wide = false, string Type = "string");
