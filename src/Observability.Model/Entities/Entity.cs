namespace Observability.Model;

/// <summary>A thing of the fleet.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="DisplayName">What people call it: <c>node-003/gpu5</c>.</param>
/// <param name="Attributes">
/// Facts that help to find it and to explain it. Known names: <c>node</c>, <c>gpu</c> (index), <c>UUID</c>,
/// <c>pci_bus_id</c> (lower case <c>dddd:bb:dd.f</c>), <c>device</c> (NIC), <c>rail</c>, <c>rack</c>, <c>tier</c>
/// (switch), <c>rank</c>, <c>job</c>, <c>model</c>.
/// </param>
public sealed record Entity(EntityId Id, string DisplayName, LabelSet Attributes);
