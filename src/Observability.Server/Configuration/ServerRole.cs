namespace Observability.Server;

/// <summary>What a process of the platform is.</summary>
internal static class ServerRole
{
    /// <summary>Collects, stores, decides and acts: everything.</summary>
    public const string Brain = "brain";

    /// <summary>Collects what is on its own node and forwards it.</summary>
    public const string Agent = "agent";

    /// <summary>Scrapes its share of all targets and forwards it.</summary>
    public const string Collector = "collector";
}
