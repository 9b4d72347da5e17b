using k8s;
using Observability.Metrics;
using Observability.Response;

namespace Observability.Server;

/// <summary>What the platform may do and whom it may tell, made from the configuration.</summary>
internal static class ResponseParts
{
    /// <summary>How far the engine may go.</summary>
    public static ResponseOptions Limits(ResponseOptionsSection options) => new()
    {
        Hardware = options.Hardware,
        Otherwise = options.Otherwise,
        MinimumConfidence = options.MinimumConfidence,
        MaximumHeldNodes = options.MaximumHeldNodes,
        ActionsPerHour = options.ActionsPerHour,
    };

    /// <summary>Every action that can work here: those of Kubernetes only where an API server is named.</summary>
    public static IReadOnlyList<IAction> Actions(ResponseOptionsSection options, IQueryEngine queries, HttpClient http)
    {
        List<IAction> actions = [new VerifyAction(new PromQlProbe(queries)), new WaitAction(), new NoteAction("notify"), new NoteAction("ask"), new WebhookAction(http)];
        var configuration = options.KubernetesUrl.Length > 0 ? new KubernetesClientConfiguration { Host = options.KubernetesUrl }
            : options.Kubeconfig.Length > 0 ? KubernetesClientConfiguration.BuildConfigFromConfigFile(options.Kubeconfig)
            : null;
        if (configuration is null)
            return actions;
        var kubernetes = new Kubernetes(configuration);
        actions.AddRange([new CordonAction(kubernetes), new UncordonAction(kubernetes), new TaintAction(kubernetes, adds: true), new TaintAction(kubernetes, adds: false), new EvictAction(kubernetes)]);
        return actions;
    }

    /// <summary>The channels, in the order of the configuration.</summary>
    public static List<IChannel> Channels(ObservabilityOptions options, HttpClient http) => options.Notify.Channels.ConvertAll(channel => (IChannel)(channel.Kind switch
    {
        "slack" => new SlackChannel(channel.Name, new Uri(channel.Url), options.Server.ExternalUrl, http),
        "feishu" => new FeishuChannel(channel.Name, new Uri(channel.Url), channel.Secret, http),
        _ => new WebhookChannel(channel.Name, new Uri(channel.Url), channel.Secret, http),
    }));
}
