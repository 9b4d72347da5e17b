using Observability.Model;

namespace Observability.Content;

/// <summary>One value of the configuration file.</summary>
/// <param name="Key">Its key for .NET configuration, underscores removed: <c>collect:targets:0:url</c>, <c>server:externalurl</c>.</param>
/// <param name="Written">Its key as the operator wrote it: <c>collect.targets[0].url</c>, <c>server.external_url</c>.</param>
/// <param name="Value">The text of the value.</param>
/// <param name="Source">Where it is written.</param>
public sealed record ConfigurationValue(string Key, string Written, string Value, SourceLine Source);
