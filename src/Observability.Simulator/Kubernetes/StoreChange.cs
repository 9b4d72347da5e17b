using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>One change of one object; null before for an addition, null after for a removal.</summary>
internal sealed record StoreChange(long Version, JsonObject? Before, JsonObject? After);
