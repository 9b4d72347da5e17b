using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>An absolute http or https URL, or empty where the key is not required.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpUrlAttribute() : ValidationAttribute("is not an http:// or https:// URL")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is not string { Length: > 0 } text
        || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0);
}
