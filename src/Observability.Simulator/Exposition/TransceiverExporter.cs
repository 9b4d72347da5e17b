namespace Observability.Simulator;

/// <summary>
/// What transceiver-exporter tells of the optics of a node or a switch: light received and sent, bias current and temperature of every module with
/// the limits that the module itself holds. Powers are milliwatts, as the module stores them.
/// </summary>
internal static class TransceiverExporter
{
    private static readonly Field[] PerLane =
    [
        new("transceiver_exporter_laser_rx_power_milliwatts", "Laser rx power in milliwatts", (optic, lane, fleet) => Milliwatts(optic.Received(lane, fleet))),
        new("transceiver_exporter_laser_tx_power_milliwatts", "Laser tx power in milliwatts", (optic, lane, fleet) => Milliwatts(optic.Sent(lane, fleet))),
        new("transceiver_exporter_laser_bias_current_milliamperes", "Laser bias current in milliamperes", (optic, lane, fleet) => Math.Round(optic.Bias(lane, fleet), 3)),
        new("transceiver_exporter_laser_rx_power_low_alarm_threshold_milliwatts", "Low alarm threshold for the laser rx power in milliwatts", (_, _, _) => Milliwatts(Optic.LowAlarm)),
        new("transceiver_exporter_laser_rx_power_low_warning_threshold_milliwatts", "Low warning threshold for the laser rx power in milliwatts", (_, _, _) => Milliwatts(Optic.LowWarning)),
    ];

    private static readonly ExpositionFamily Temperature =
        new("transceiver_exporter_module_temperature_degrees_celsius", "gauge", "Module temperature in degrees celsius") { Deadband = 2 };

    /// <summary>What the exporter says of modules now; one that is dark says what it can.</summary>
    public static void Read(IReadOnlyList<Optic> optics, Fleet fleet, IReadingSink sink)
    {
        foreach (var field in PerLane)
        {
            if (!sink.Begin(field))
                continue;
            foreach (var optic in optics)
            {
                for (var lane = 0; lane < Optic.Lanes; lane++)
                    sink.Sample(field, optic.LaneText[lane], "", field.Value(optic, lane, fleet));
            }
        }

        if (!sink.Begin(Temperature))
            return;
        foreach (var optic in optics)
            sink.Sample(Temperature, optic.ModuleText, "", Math.Round(optic.Temperature(fleet), 1));
    }

    private static double Milliwatts(double dbm) => Math.Round(Math.Pow(10, dbm / 10), 4);

    private sealed class Field : ExpositionFamily
    {
        // A hundredth of a milliwatt is the noise of a module's own measurement, and a tenth of a milliampere.
        public Field(string name, string help, Func<Optic, int, Fleet, double> value)
            : base(name, "gauge", help) => (Value, Deadband) = (value, name.EndsWith("milliamperes", StringComparison.Ordinal) ? 0.3 : 0.03);

        public Func<Optic, int, Fleet, double> Value { get; }
    }
}
