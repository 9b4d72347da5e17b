using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>Arguments that say what a simulated fleet tells and what happens to it.</summary>
internal static partial class FleetArguments
{
    /// <summary>What <c>--telemetry</c> may name.</summary>
    public static string Telemetries { get; } = string.Join(", ", Known().Select(one => OptionValue.Show(one)));

    /// <summary>Reads <c>clocks,switches</c>; null with the word that is not known.</summary>
    public static FleetTelemetry? Telemetry(string text, out string odd)
    {
        var told = FleetTelemetry.None;
        odd = "";
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var found = Known().Where(one => OptionValue.Show(one) == word).ToArray();
            if (found.Length == 0)
            {
                odd = word;
                return null;
            }

            told |= found[0];
        }

        return told;
    }

    /// <summary>
    /// Reads a fault to inject, <c>clock_skew=node:node-003@300+600</c>: the kind, what it happens to, the second of the run it begins at and for
    /// how many. A GPU may be given as <c>gpu:node-003/gpu5</c>. Null, with the reason, for what cannot be.
    /// </summary>
    public static FaultSpec? Fault(string text, int number, Fleet fleet, out string refusal)
    {
        refusal = "";
        if (Injected().Match(text) is not { Success: true } match || !EntityId.TryParse(match.Groups["entity"].Value, out var entity))
        {
            refusal = $"--inject: '{text}' is not KIND=ENTITY@SECOND+SECONDS, such as nic_down=nic:node-003/mlx5_4@300+120";
            return null;
        }

        if (entity.Kind == EntityKind.Gpu && fleet.Topology().Entities.FirstOrDefault(one => one.Id.Kind == EntityKind.Gpu && one.DisplayName == entity.Name) is { } named)
            entity = named.Id;
        double Seconds(string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        var kind = match.Groups["kind"].Value;
        return new FaultSpec($"{number:00}-{kind}", kind, entity, fleet.Now + TimeSpan.FromSeconds(Seconds("at")), TimeSpan.FromSeconds(Seconds("lasts")));
    }

    private static IEnumerable<FleetTelemetry> Known() => Enum.GetValues<FleetTelemetry>().Where(one => one != FleetTelemetry.None);

    [GeneratedRegex(@"^(?<kind>[a-z_]+)=(?<entity>[^@]+)@(?<at>\d{1,7})\+(?<lasts>\d{1,7})$", RegexOptions.CultureInvariant)]
    private static partial Regex Injected();
}
