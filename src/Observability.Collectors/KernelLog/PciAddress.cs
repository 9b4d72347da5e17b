namespace Observability.Collectors;

/// <summary>Brings PCI addresses to <c>dddd:bb:dd.f</c> in lower case: the kernel writes <c>0000:B3:00</c>, the exporter <c>00000000:1A:00.0</c>.</summary>
internal static class PciAddress
{
    public static string Normalise(string text)
    {
#pragma warning disable CA1308 // PCI addresses are written in lower case
        var address = text.Trim().ToLowerInvariant();
#pragma warning restore CA1308
        if (address.Length == 0)
            return "";
        if (address.Count(c => c == ':') == 1)
            address = "0000:" + address;
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        if (colon > 4 && address[..(colon - 4)].All(c => c == '0'))
            address = address[(colon - 4)..];
        return address.Contains('.', StringComparison.Ordinal) ? address : address + ".0";
    }
}
