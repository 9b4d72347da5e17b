namespace Observability.Incidents;

/// <summary>Where versions of the classifier are taken from. Asking does no I/O: what is not on the shelf yet is not found.</summary>
public interface IModelShelf
{
    /// <summary>The version; null where it is not there.</summary>
    ActionabilityModel? Find(string version);
}
