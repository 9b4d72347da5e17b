namespace Observability.Model;

/// <summary>The NaN with bits 0x7ff0000000000002 that says "this series has ended" (Prometheus remote-write specification).</summary>
public static class StaleMarker
{
    private const long Bits = 0x7ff0000000000002;

    /// <summary>The marker itself.</summary>
    public static double Value { get; } = BitConverter.Int64BitsToDouble(Bits);

    /// <summary>True for the marker only; an ordinary NaN is a value.</summary>
    public static bool Is(double value) => BitConverter.DoubleToInt64Bits(value) == Bits;
}
