using Observability.Incidents;

namespace Observability.Server;

/// <summary>Rules of the configuration that hold between keys: the key to blame, and what is wrong with it.</summary>
internal static class OptionRules
{
    private const int SecretLength = 16;

    /// <summary>Every rule that is broken.</summary>
    public static IEnumerable<(string Key, string Fault)> Broken(ObservabilityOptions options) =>
        Listening(options.Server).Concat(Forwarding(options)).Concat(Keys(options.Server)).Concat(Scraping(options.Collect)).Concat(Tiers(options.Collect))
            .Concat(Cluster(options.Collect)).Concat(Relabelling(options.Collect)).Concat(Captures(options.Collect)).Concat(Standing(options.Alerting.Shadow))
            .Concat(Naming(options.Notify)).Concat(Model(options.Incidents));

    private static IEnumerable<(string Key, string Fault)> Listening(ServerOptions server)
    {
        foreach (var (key, listen, example) in ((string, string, string)[])[
            ("server.listen", server.Listen, "127.0.0.1:7070"), ("server.otlp_grpc_listen", server.OtlpGrpcListen, "127.0.0.1:4317")])
        {
            if (listen.Length == 0 && key != "server.listen")
                continue;
            if (!ListenAddress.TryParse(listen, out var address))
                yield return (key, $"'{listen}' is not address:port, for example {example}");
            else if (!address.IsLoopback && server.ApiKeys.Count == 0)
                yield return (key, $"{listen} is reachable from outside; add server.api_keys first");
        }
    }

    private static IEnumerable<(string Key, string Fault)> Forwarding(ObservabilityOptions options)
    {
        if (options.Server.Role != ServerRole.Brain)
        {
            if (options.Forward.Url.Length == 0)
                yield return ("forward.url", $"the role {options.Server.Role} sends what it reads to a platform; name its URL, for example http://10.0.0.1:7070");
            if (options.Server.State.Length == 0)
                yield return ("server.state", $"the role {options.Server.Role} keeps its buffer there; name a folder");
        }

        if (options.Collect.Members.Distinct(StringComparer.Ordinal).Count() != options.Collect.Members.Count)
            yield return ("collect.members", "names one member twice");
        if ((options.Collect.Members.Count > 0 || options.Collect.Member.Length > 0) && !options.Collect.Members.Contains(options.Collect.Member))
            yield return ("collect.member", $"'{options.Collect.Member}' is none of collect.members ({string.Join(", ", options.Collect.Members)})");
    }

    // The message does not repeat the key: it ends up in logs.
    private static IEnumerable<(string Key, string Fault)> Keys(ServerOptions server)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < server.ApiKeys.Count; i++)
        {
            var colon = server.ApiKeys[i].IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || server.ApiKeys[i].Length - colon - 1 < SecretLength)
                yield return ($"server.api_keys.{i}", $"must be name:secret with a secret of at least {SecretLength} characters");
            else if (!names.Add(server.ApiKeys[i][..colon]))
                yield return ($"server.api_keys.{i}", $"the name '{server.ApiKeys[i][..colon]}' is taken; the journal tells callers apart by it");
        }
    }

    private static IEnumerable<(string Key, string Fault)> Scraping(CollectOptions collect)
    {
        if (collect.Timeout > collect.Interval)
            yield return ("collect.timeout", $"{OptionValue.Show(collect.Timeout)} is longer than collect.interval, {OptionValue.Show(collect.Interval)}");
    }

    private static IEnumerable<(string Key, string Fault)> Tiers(CollectOptions collect)
    {
        for (var i = 0; i < collect.Kubernetes.Tiers.Count; i++)
        {
            if (!Collectors.KubernetesTier.TryParse(collect.Kubernetes.Tiers[i], out _))
                yield return ($"collect.kubernetes.tiers.{i}", $"'{collect.Kubernetes.Tiers[i]}' is not kind:label with rack, switch, pdu or cluster, for example switch:fabric.topograph.run/tier-0");
        }
    }

    private static IReadOnlyList<(string Key, string Fault)> Cluster(CollectOptions collect)
    {
        _ = ClusterAccess.Of(collect.Kubernetes, out var faults);
        return faults;
    }

    private static IEnumerable<(string Key, string Fault)> Captures(CollectOptions collect)
    {
        for (var i = 0; i < collect.Captures.Count; i++)
        {
            var capture = collect.Captures[i];
            if (capture.Command.Count == 0 == (capture.Files.Length == 0))
                yield return ($"collect.captures.{i}", "has both command and files, or neither; give one of them");
            else if (capture.Command.Count > 0 && capture.Name.Length == 0)
                yield return ($"collect.captures.{i}.name", "is empty; say under which file name the output is read, for example dcgmi.json");
            else if (capture.Files.Length > 0 && !Path.IsPathRooted(capture.Files))
                yield return ($"collect.captures.{i}.files", $"'{capture.Files}' is not an absolute path");
        }
    }

    private static IEnumerable<(string Key, string Fault)> Relabelling(CollectOptions collect)
    {
        for (var i = 0; i < collect.Discovery.Count; i++)
        {
            var found = collect.Discovery[i];
            var cluster = collect.Kubernetes;
            if (found.Location.Length == 0 && (found.Kind != DiscoveryKind.Kubernetes || (cluster.Url.Length == 0 && cluster.Kubeconfig.Length == 0 && !cluster.InCluster)))
                yield return ($"collect.discovery.{i}.location", found.Kind == DiscoveryKind.Kubernetes ? "is empty; give the URL of an API server, or configure collect.kubernetes, whose cluster is then asked" : "is missing");
            else if (found.Location.Length > 0 && found.Kind is DiscoveryKind.Kubernetes or DiscoveryKind.Http && !new HttpUrlAttribute().IsValid(found.Location))
                yield return ($"collect.discovery.{i}.location", $"'{found.Location}' is not an http:// or https:// URL{(found.Kind == DiscoveryKind.Kubernetes ? " of an API server" : "")}");
            for (var j = 0; j < found.Relabel.Count; j++)
            {
                if (found.Relabel[j].ToRule(out var error) is null)
                    yield return ($"collect.discovery.{i}.relabel.{j}", error);
            }
        }

        for (var i = 0; i < collect.MetricRelabel.Count; i++)
        {
            if (collect.MetricRelabel[i].ToRule(out var error) is null)
                yield return ($"collect.metric_relabel.{i}", error);
        }
    }

    private static IEnumerable<(string Key, string Fault)> Standing(ShadowSection shadow)
    {
        if (shadow.DemoteBelow > shadow.PromoteAt)
            yield return ("alerting.shadow.demote_below", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{shadow.DemoteBelow} is above alerting.shadow.promote_at, {shadow.PromoteAt}: a rule would go back and forth"));
    }

    // Deliveries are remembered by the channel's name.
    private static IEnumerable<(string Key, string Fault)> Naming(NotifyOptions notify) => notify.Channels
        .Select((channel, i) => (channel.Name, Index: i))
        .GroupBy(channel => channel.Name, StringComparer.Ordinal)
        .SelectMany(group => group.Skip(1))
        .Select(channel => ($"notify.channels.{channel.Index}.name", $"'{channel.Name}' is taken by an earlier channel"));

    private static IEnumerable<(string Key, string Fault)> Model(IncidentOptions incidents)
    {
        if (incidents.RootCauseModel.Length == 0)
            return [];
        try
        {
            _ = CauseModel.Open(incidents.RootCauseModel);
            return [];
        }
        catch (InvalidDataException fault)
        {
            return [("incidents.root_cause_model", fault.Message)];
        }
    }
}
