namespace Observability.Server;

/// <summary>What one exporter gives of one signal.</summary>
/// <param name="Signal">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="State"><c>provided</c>, <c>missing</c>, or <c>other</c> where no expression is of this exporter's vendors.</param>
/// <param name="Vendor">The vendor whose expression has data, or the first that should have.</param>
/// <param name="Series">How many series the expression gives.</param>
/// <param name="Expression">The expression that has data, or should have.</param>
internal sealed record SignalLine(string Signal, string Unit, string State, string Vendor, int Series, string Expression);
