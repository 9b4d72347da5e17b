using System.Reflection;

namespace Observability.Incidents;

/// <summary>Model files that are built into this assembly.</summary>
internal static class ShippedModels
{
    public static Stream Open(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream($"Observability.Incidents.Models.{name}")
        ?? throw new FileNotFoundException($"the shipped model {name} is missing from the assembly");
}
