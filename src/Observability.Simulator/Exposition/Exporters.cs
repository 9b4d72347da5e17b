namespace Observability.Simulator;

/// <summary>The exporters of a fleet: which there are, and what one says.</summary>
internal static class Exporters
{
    public const string Dcgm = "dcgm";
    public const string Node = "node";
    public const string Transceiver = "transceiver";
    public const string Switch = "switch";

    private static readonly string[] Usual = [Dcgm, Node];

    /// <summary>Exporters of every node.</summary>
    public static IReadOnlyList<string> OfNodes(Fleet fleet) => fleet.Options.Telemetry.HasFlag(FleetTelemetry.Optics) ? [.. Usual, Transceiver] : Usual;

    /// <summary>Port that an exporter listens on by itself.</summary>
    public static int PortOf(string exporter) => exporter switch { Dcgm => 9400, Transceiver => 9458, Switch => 9116, _ => 9100 };

    /// <summary>What an exporter of a node says now.</summary>
    public static void Read(SimNode node, string exporter, Fleet fleet, IReadingSink sink)
    {
        if (node.Late.TryGetValue(exporter, out var late))
            late.Read(fleet.Now, fresh => Gather(node, exporter, fleet, fresh), sink);
        else
            Gather(node, exporter, fleet, sink);
    }

    private static void Gather(SimNode node, string exporter, Fleet fleet, IReadingSink sink)
    {
        switch (exporter)
        {
            case Dcgm: DcgmExporter.Read(node, fleet, sink); break;
            case Transceiver: TransceiverExporter.Read([.. node.Nics.Select(nic => nic.Optic)], fleet, sink); break;
            default: NodeExporter.Read(node, fleet, sink); break;
        }
    }
}
