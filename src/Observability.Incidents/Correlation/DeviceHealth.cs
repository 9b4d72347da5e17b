using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Which devices of an incident are known to be ill. A measured condition is ill while it fires. An event says only when it
/// began: it counts until something shows that it is over, because a GPU that fell off the bus does not come back unseen.
/// </summary>
internal sealed class DeviceHealth
{
    private readonly Dictionary<EntityId, State> _devices = [];
    private int _ill;
    private int _unhealed;

    /// <summary>True while a device is ill, as far as anybody knows.</summary>
    public bool IsAnyIll => _ill > 0;

    /// <summary>True while an event stands on a device that nothing has shown to be well again.</summary>
    public bool HasUnhealedEvent => _unhealed > 0;

    /// <summary>Devices that are ill.</summary>
    public IEnumerable<EntityId> Ill => _devices.Where(pair => pair.Value.IsIll).Select(pair => pair.Key);

    /// <summary>An alert on a device begins.</summary>
    public void Begin(EntityId device, bool isMeasured) => Change(device, state => isMeasured
        ? state with { Measured = state.Measured + 1 }
        : state with { Events = state.Events + 1, IsHealed = false });

    /// <summary>An alert on a device ends. The end of a measured cause is what heals the device's events too.</summary>
    public void End(EntityId device, bool isMeasured, bool isCause) => Change(device, state => isMeasured
        ? state with { Measured = state.Measured - 1, IsHealed = state.IsHealed || (isCause && state.Measured == 1) }
        : state with { Events = state.Events - 1 });

    /// <summary>Whatever the events said is over: the job that they stopped makes steps again.</summary>
    public void Heal()
    {
        foreach (var device in _devices.Keys.ToArray())
            Change(device, state => state with { IsHealed = true });
    }

    private void Change(EntityId device, Func<State, State> how)
    {
        var before = _devices.GetValueOrDefault(device);
        var after = how(before);
        _devices[device] = after;
        _ill += Count(after.IsIll) - Count(before.IsIll);
        _unhealed += Count(after.HasUnhealedEvent) - Count(before.HasUnhealedEvent);
    }

    private static int Count(bool value) => value ? 1 : 0;

    private readonly record struct State(int Measured, int Events, bool IsHealed)
    {
        public bool HasUnhealedEvent => Events > 0 && !IsHealed;

        public bool IsIll => Measured > 0 || HasUnhealedEvent;
    }
}
