namespace Observability.Server;

/// <summary>Marks a key whose value is never shown: <c>/api/v1/status/config</c> writes <c>&lt;secret&gt;</c> in its place.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
