using System.Collections.Frozen;
using Observability.Content;

namespace Observability.Server;

/// <summary>The alert rules that ship, by name. They stay shipped rules where an operator tunes them.</summary>
internal static class ShippedRules
{
    private static readonly Lazy<FrozenSet<string>> Read = new(() =>
    {
        var assembly = typeof(ShippedRules).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("rules/", StringComparison.Ordinal))
            .SelectMany(name =>
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return RuleFileReader.Read(new ContentFile(name, text.ReadToEnd())).Value;
            })
            .SelectMany(group => group.Rules).Where(rule => rule.IsAlert).Select(rule => rule.Name).ToFrozenSet(StringComparer.Ordinal);
    });

    /// <summary>Their names.</summary>
    public static IReadOnlySet<string> Names => Read.Value;
}
