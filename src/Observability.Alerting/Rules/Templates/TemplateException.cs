namespace Observability.Alerting;

/// <summary>A template that cannot be read or run. The message says where and what.</summary>
internal sealed class TemplateException(string message) : Exception(message);
