using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Observability.Server;

/// <summary>An address and a port to listen on, <c>127.0.0.1:5514</c> or <c>[::1]:5514</c>; empty for none.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SocketAddressAttribute() : ValidationAttribute("is not an address and a port; write 127.0.0.1:5514")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is string text && (text.Length == 0 || (IPEndPoint.TryParse(text, out var at) && at.Port > 0 && text.EndsWith($":{at.Port}", StringComparison.Ordinal)));
}
