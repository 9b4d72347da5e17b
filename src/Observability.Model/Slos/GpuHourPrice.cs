namespace Observability.Model;

/// <summary>What an hour of a GPU costs.</summary>
/// <param name="PerHour">Price of one GPU for one hour.</param>
/// <param name="Currency">ISO 4217 code, <c>USD</c>.</param>
public sealed record GpuHourPrice(double PerHour, string Currency);
