using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Targets from Kubernetes with the labels of Prometheus's kubernetes_sd: role <c>pod</c> gives one for each container port, role
/// <c>endpoints</c> one for each address and port, role <c>node</c> one for each kubelet.
/// </summary>
/// <param name="role"><c>pod</c>, <c>endpoints</c> or <c>node</c>.</param>
/// <param name="connection">Which cluster.</param>
/// <param name="rules">Relabelling rules.</param>
/// <param name="defaults">Labels that each target begins with.</param>
/// <param name="time">The clock.</param>
public sealed class KubernetesTargets(
    string role, KubernetesConnection connection, IReadOnlyList<RelabelRule> rules, LabelSet defaults, TimeProvider time) : ITargetSource
{
    private readonly KubernetesResource<IReadOnlyList<LabelSet>> _objects = new(
        role switch { "node" => "/api/v1/nodes", "endpoints" => "/api/v1/endpoints", _ => "/api/v1/pods" },
        role switch { "node" => NodeLabels, "endpoints" => EndpointLabels, _ => PodLabels }, new KubernetesOptions(), connection);

    /// <inheritdoc/>
    public string Name => $"kubernetes {role} {connection.Url}";

    /// <inheritdoc/>
    public async Task<TargetSet> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = await _objects.CatchUpAsync(time.GetUtcNow(), cancellationToken);
        return answer.Fault.Length > 0 ? new TargetSet(null, answer.Fault)
            : DiscoveredTargets.Of(_objects.Objects.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value), rules, defaults);
    }

    private static List<LabelSet> PodLabels(JsonElement pod)
    {
        var (metadata, spec, status) = (pod.Get("metadata"), pod.Get("spec"), pod.Get("status"));
        var address = status.Text("podIP");
        if (address.Length == 0)
            return [];
        var labels = Meta(metadata, "pod").With(LabelSet.Of(
            ("__meta_kubernetes_namespace", metadata.Text("namespace")), ("__meta_kubernetes_pod_ip", address), ("__meta_kubernetes_pod_node_name", spec.Text("nodeName")),
            ("__meta_kubernetes_pod_host_ip", status.Text("hostIP")), ("__meta_kubernetes_pod_phase", status.Text("phase")), ("__meta_kubernetes_pod_uid", metadata.Text("uid"))));
        var found = new List<LabelSet>();
        foreach (var container in spec.Items("containers"))
        {
            var own = labels.With("__meta_kubernetes_pod_container_name", container.Text("name"));
            var ports = container.Items("ports").ToList();
            // A container that names no port is found without one, for rules that know it.
            if (ports.Count == 0)
                found.Add(own.With("__address__", Host(address)));
            found.AddRange(ports.Select(port => own.With(LabelSet.Of(
                ("__address__", $"{Host(address)}:{port.Text("containerPort")}"), ("__meta_kubernetes_pod_container_port_name", port.Text("name")),
                ("__meta_kubernetes_pod_container_port_number", port.Text("containerPort"))))));
        }

        return found;
    }

    private static List<LabelSet> EndpointLabels(JsonElement endpoints)
    {
        var metadata = endpoints.Get("metadata");
        var labels = Meta(metadata, "endpoints").With("__meta_kubernetes_namespace", metadata.Text("namespace"));
        var found = new List<LabelSet>();
        foreach (var subset in endpoints.Items("subsets"))
        {
            foreach (var port in subset.Items("ports"))
            {
                foreach (var (address, ready) in subset.Items("addresses").Select(item => (item, "true")).Concat(subset.Items("notReadyAddresses").Select(item => (item, "false"))))
                {
                    found.Add(labels.With(LabelSet.Of(
                        ("__address__", $"{Host(address.Text("ip"))}:{port.Text("port")}"), ("__meta_kubernetes_endpoint_port_name", port.Text("name")),
                        ("__meta_kubernetes_endpoint_ready", ready), ("__meta_kubernetes_endpoint_node_name", address.Text("nodeName")),
                        ("__meta_kubernetes_endpoint_address_target_kind", address.Get("targetRef").Text("kind")),
                        ("__meta_kubernetes_endpoint_address_target_name", address.Get("targetRef").Text("name")))));
                }
            }
        }

        return found;
    }

    private static List<LabelSet> NodeLabels(JsonElement node)
    {
        var status = node.Get("status");
        var address = status.Items("addresses").OrderBy(item => item.Text("type") == "InternalIP" ? 0 : 1).Select(item => item.Text("address")).FirstOrDefault("");
        if (address.Length == 0)
            return [];
        var port = status.Get("daemonEndpoints").Get("kubeletEndpoint").Number("Port") ?? 10_250;
        return [Meta(node.Get("metadata"), "node").With("__address__", $"{Host(address)}:{port.ToString(CultureInfo.InvariantCulture)}")
            .With("instance", node.Get("metadata").Text("name"))];
    }

    private static LabelSet Meta(JsonElement metadata, string kind)
    {
        var labels = new List<KeyValuePair<string, string>> { new($"__meta_kubernetes_{kind}_name", metadata.Text("name")) };
        foreach (var part in (string[])["label", "annotation"])
        {
            if (metadata.Get(part + "s") is not { ValueKind: JsonValueKind.Object } map)
                continue;
            foreach (var pair in map.EnumerateObject())
            {
                var name = string.Concat(pair.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
                labels.Add(new($"__meta_kubernetes_{kind}_{part}_{name}", map.Text(pair.Name)));
                labels.Add(new($"__meta_kubernetes_{kind}_{part}present_{name}", "true"));
            }
        }

        return LabelSet.From(labels);
    }

    private static string Host(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
}
