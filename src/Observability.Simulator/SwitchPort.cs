using System.Text;

namespace Observability.Simulator;

/// <summary>
/// A port of a switch: what is at its other end and what it has counted. A cable has one truth and two ends: what its adapter counts, the port
/// counts too, from its own side, and goes on counting where the adapter begins anew.
/// </summary>
internal sealed class SwitchPort
{
    private double _sent;
    private double _symbols;
    private double _errors;
    private double _pausesSent;
    private double _pausesReceived;
    private double _notices;
    private bool _wasUp = true;

    /// <summary>A port.</summary>
    /// <param name="of">Its switch.</param>
    /// <param name="index">From 1.</param>
    /// <param name="peer">What operators write on it: the adapter, or the switch above or below.</param>
    public SwitchPort(SimSwitch of, int index, string peer)
    {
        Name = $"swp{index}";
        Peer = peer;
        Text = Encoding.UTF8.GetBytes($"interface=\"{Name}\"");
        IfText = Encoding.UTF8.GetBytes($"ifIndex=\"{index}\",ifName=\"{Name}\",ifAlias=\"{peer}\"");
        DeviceText = Encoding.UTF8.GetBytes($"device=\"{Name}\"");
        Optic = new Optic(of.Seed, Noise.KeyOf($"{of.Name}/{Name}"), Name) { IsDark = () => Nic is { Node.Down: true } };
    }

    public string Name { get; }

    /// <summary>As <c>ifAlias</c> tells it.</summary>
    public string Peer { get; }

    /// <summary>The adapter at its other end; null where that is a switch.</summary>
    public Nic? Nic { get; init; }

    /// <summary>The ports of the switch below whose traffic passes here.</summary>
    public IReadOnlyList<SwitchPort> Below { get; init; } = [];

    /// <summary>The switch at its other end; null where that is an adapter.</summary>
    public SimSwitch? Other { get; init; }

    public byte[] Text { get; }

    public byte[] IfText { get; }

    public byte[] DeviceText { get; }

    public Optic Optic { get; }

    public bool IsUp => Nic is { } nic ? !nic.Down && !nic.Node.Down : Other is { Down: false };

    public double InOctets { get; private set; }

    public double OutOctets { get; private set; }

    public double SymbolErrors { get; private set; }

    public double FcsErrors { get; private set; }

    public double PausesReceived { get; private set; }

    public double PausesSent { get; private set; }

    public double EcnMarked { get; private set; }

    public double BufferDiscards { get; private set; }

    public double LinkDownDiscards { get; private set; }

    public double WentDown { get; private set; }

    /// <summary>A second or so passes; ports below must have passed it already.</summary>
    public void Advance(double seconds)
    {
        if (_wasUp && !IsUp)
            WentDown++;
        _wasUp = IsUp;
        if (Nic is { } nic)
            Take(nic, seconds);
        else
            Gather();
    }

    private void Take(Nic nic, double seconds)
    {
        var octets = Gained(nic.SentBytes, ref _sent);
        (InOctets, OutOctets) = (InOctets + octets, OutOctets + octets);
        // A damaged cable damages both ways, the one into the adapter more.
        SymbolErrors += 0.5 * Gained(nic.SymbolErrors, ref _symbols);
        FcsErrors += 0.5 * Gained(nic.ReceiveErrors, ref _errors);
        PausesReceived += Gained(nic.PausesSent, ref _pausesSent);
        PausesSent += Gained(nic.PausesReceived, ref _pausesReceived);
        // A receiver sends one notice for many marked packets.
        var notices = Gained(nic.CongestionNotices, ref _notices);
        EcnMarked += 8 * notices;
        BufferDiscards += notices / 500;
        if (!IsUp && nic.Node.Gpus[nic.Index].Job is not null)
            LinkDownDiscards += 120 * seconds;
    }

    private void Gather()
    {
        InOctets = Below.Sum(port => port.InOctets);
        OutOctets = Below.Sum(port => port.OutOctets);
        PausesReceived = Below.Sum(port => port.PausesReceived) / 4;
        EcnMarked = Below.Sum(port => port.EcnMarked);
    }

    private static double Gained(double now, ref double before)
    {
        var gained = now >= before ? now - before : now;
        before = now;
        return gained;
    }
}
