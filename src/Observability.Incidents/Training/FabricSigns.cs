using Observability.Model;
using static Observability.Incidents.StoryWriter;

namespace Observability.Incidents;

/// <summary>What adapters, leaf switches, whole nodes and monitors show.</summary>
internal static class FabricSigns
{
    /// <summary>Tells a fault outside the GPUs.</summary>
    public static EntityId? Tell(StoryWriter writer, string kind, FaultPlace place) => kind switch
    {
        FaultClass.SlowNic => SlowNic(writer, place),
        FaultClass.LeafFlap => Leaf(writer, place),
        FaultClass.NodeDown => NodeDown(writer, place),
        FaultClass.PowerBrake => PowerBrake(writer, place),
        FaultClass.MonitorSilent => Silent(writer, place),
        _ => Maintenance(writer, place),
    };

    private static EntityId SlowNic(StoryWriter writer, FaultPlace place)
    {
        var nic = SyntheticFleet.Nic(place.Node, place.Part);
        if (writer.Chance(0.4))
            return Link(writer, place, nic);
        writer.Rule(nic, 12, (FaultClass.SlowNic, Warning), cause: true);
        if (writer.Chance(0.6))
            writer.Rule(nic, 12, (FaultClass.LeafFlap, Info));
        if (writer.Chance(0.6))
            writer.Event(nic, 10 + (writer.Random.NextDouble() * 10), (FaultClass.SlowNic, Warning), "mlx5:high_temperature");
        if (writer.Chance(0.25))
            writer.Event(nic, 4, (FaultClass.LeafFlap, Warning), "mlx5:link_down", cause: false);
        // Peers on its leaf wait for what it does not acknowledge, and look bad themselves; now and then one looks as bad.
        var peers = writer.Fleet.OnLeafOf(place.Node).Where(node => node != place.Node).ToArray();
        writer.Random.Shuffle(peers);
        foreach (var peer in peers.Take(writer.Random.Next(7)))
            writer.Rule(SyntheticFleet.Nic(peer, place.Part), 15, (FaultClass.SlowNic, Info));
        if (peers.Length > 0 && writer.Chance(0.05))
            writer.Rule(SyntheticFleet.Nic(peers[0], place.Part), 30, (FaultClass.SlowNic, Warning), cause: true);
        // A dead adapter stops the job, a slow one slows it.
        if (writer.Chance(0.15))
            JobSigns.Halt(writer, place);
        else
            JobSigns.Slow(writer, place, isRankNamed: writer.Chance(0.3));
        return nic;
    }

    // One link that is down, or goes down and up, among ports of its leaf that stay up: its own cable, transceiver or adapter. Whoever talks to
    // it waits for acknowledgements, on the same leaf more than elsewhere.
    private static EntityId Link(StoryWriter writer, FaultPlace place, EntityId nic)
    {
        var isDown = writer.Chance(0.5);
        writer.Event(nic, 0, (FaultClass.LeafFlap, Warning), "mlx5:link_down", cause: false);
        if (isDown || writer.Chance(0.6))
            writer.Rule(nic, 5, (FaultClass.LeafFlap, Warning));
        if (!isDown)
        {
            writer.Event(nic, 20 + (writer.Random.NextDouble() * 40), (FaultClass.LeafFlap, Warning), "mlx5_repeated:link_down", cause: false);
            writer.Rule(nic, 25, (FaultClass.LeafFlap, Warning), origin: AlertOrigin.Detector);
        }

        var peers = writer.Fleet.OnLeafOf(place.Node).Concat(place.Nodes).Where(node => node != place.Node).Distinct().Take(24).ToArray();
        writer.Random.Shuffle(peers);
        foreach (var peer in peers.Take(writer.Random.Next(9)))
            writer.Rule(SyntheticFleet.Nic(peer, place.Part), 12, (FaultClass.SlowNic, Info));
        if (isDown)
            JobSigns.Halt(writer, place);
        else if (writer.Chance(0.4))
            JobSigns.Slow(writer, place, isRankNamed: false);
        return nic;
    }

    // Packets are lost on some of the paths through a switch, and no port goes down.
    private static EntityId Lossy(StoryWriter writer, FaultPlace place, int[] nodes)
    {
        var ports = Math.Max(Math.Min(2, nodes.Length), (int)(nodes.Length * (0.25 + (0.35 * writer.Random.NextDouble()))));
        foreach (var node in nodes.Take(ports))
            writer.Rule(SyntheticFleet.Nic(node, place.Part), 12, (FaultClass.LeafFlap, Info));
        foreach (var job in nodes.Select(writer.Fleet.JobOn).Where(job => job.Length > 0).Distinct())
            JobSigns.Slow(writer, place with { Job = job }, isRankNamed: false);
        return writer.Fleet.Leaf(place.Node, place.Part);
    }

    private static EntityId Leaf(StoryWriter writer, FaultPlace place)
    {
        var nodes = writer.Fleet.OnLeafOf(place.Node).ToArray();
        writer.Random.Shuffle(nodes);
        if (writer.Chance(0.25))
            return Lossy(writer, place, nodes);
        var ports = Math.Max(Math.Min(3, nodes.Length), (int)(nodes.Length * (0.3 + (0.7 * writer.Random.NextDouble()))));
        foreach (var node in nodes.Take(ports))
        {
            var nic = SyntheticFleet.Nic(node, place.Part);
            writer.Event(nic, writer.Random.NextDouble() * 2, (FaultClass.LeafFlap, Warning), "mlx5:link_down", cause: false);
            if (writer.Chance(0.8))
                writer.Rule(nic, 5, (FaultClass.LeafFlap, Warning));
            if (writer.Chance(0.4))
                writer.Rule(nic, 15, (FaultClass.SlowNic, Info));
            // A port that comes back with errors looks guilty by itself.
            if (writer.Chance(0.02))
                writer.Rule(nic, 60, (FaultClass.SlowNic, Warning), cause: true);
        }

        foreach (var job in nodes.Take(ports).Select(writer.Fleet.JobOn).Where(job => job.Length > 0).Distinct())
        {
            if (writer.Chance(0.6))
                JobSigns.Halt(writer, place with { Job = job });
            else if (writer.Chance(0.7))
                JobSigns.Slow(writer, place with { Job = job }, isRankNamed: false);
        }

        return writer.Fleet.Leaf(place.Node, place.Part);
    }

    private static EntityId PowerBrake(StoryWriter writer, FaultPlace place)
    {
        var node = SyntheticFleet.Node(place.Node);
        writer.Rule(node, 12, (FaultClass.PowerBrake, Warning), cause: true);
        JobSigns.Slow(writer, place, isRankNamed: writer.Chance(0.3));
        return node;
    }

    private static EntityId NodeDown(StoryWriter writer, FaultPlace place)
    {
        var node = SyntheticFleet.Node(place.Node);
        writer.Rule(node, 15, (FaultClass.NodeDown, Critical), cause: true);
        if (writer.Chance(0.3))
            writer.Rule(SyntheticFleet.Monitor(place.Node, writer.Chance(0.5) ? "dcgm" : "node"), 10, (FaultClass.MonitorSilent, Warning), cause: true, AlertOrigin.Monitor);
        // Peers lose their partner.
        for (var peer = writer.Random.Next(5); peer > 0; peer--)
            writer.Rule(SyntheticFleet.Nic(place.Nodes[writer.Random.Next(place.Nodes.Count)], writer.Random.Next(SyntheticFleet.Gpus)), 20, (FaultClass.SlowNic, Info));
        JobSigns.Halt(writer, place);
        return node;
    }

    private static EntityId Silent(StoryWriter writer, FaultPlace place)
    {
        var monitor = SyntheticFleet.Monitor(place.Node, writer.Chance(0.6) ? "dcgm" : "node");
        writer.Rule(monitor, 15, (FaultClass.MonitorSilent, Warning), cause: true, AlertOrigin.Monitor);
        return monitor;
    }

    private static EntityId Maintenance(StoryWriter writer, FaultPlace place)
    {
        var node = SyntheticFleet.Node(place.Node);
        writer.Event(node, 0, (FaultClass.Maintenance, Info), "change:maintenance_start");
        if (writer.Chance(0.8))
            writer.Rule(node, 35, (FaultClass.NodeDown, Critical), cause: true);
        if (writer.Chance(0.4))
            writer.Rule(SyntheticFleet.Monitor(place.Node, "dcgm"), 30, (FaultClass.MonitorSilent, Warning), cause: true, AlertOrigin.Monitor);
        if (writer.Chance(0.3))
            JobSigns.Echo(writer, place with { Nodes = [place.Node] }, after: 3);
        if (writer.Chance(0.6))
            writer.Rule(SyntheticFleet.Job(place.Job), 45, (FaultClass.JobKilled, Warning));
        if (writer.Chance(0.3))
            writer.Rule(SyntheticFleet.Job(place.Job), 180, (FaultClass.UserCodeHang, Warning));
        return node;
    }
}
