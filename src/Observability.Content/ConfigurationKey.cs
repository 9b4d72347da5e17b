using Observability.Model;

namespace Observability.Content;

/// <summary>One value of a configuration file.</summary>
public sealed record ConfigurationKey(string Key, string Value, SourceLine At);
