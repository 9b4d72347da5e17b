using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Progress lines of training frameworks. NeMo comes first, because a loose Megatron pattern matches it too; both are read as
/// lists of <c>key: value</c>, because forks insert fields.
/// <code>
/// [2026-08-22 10:11:12.123456] iteration      120/  250000 | elapsed time per iteration (ms): 4647.8 | throughput per GPU (TFLOP/s/GPU): 412.3 | lm loss: 9.76E+00 | grad norm: 33.055 |
/// step: 20  loss:  8.12345  grad_norm:  1.2345  memory: 12.34GiB(25.00%)  tps: 12,345  tflops: 123.45  mfu: 12.34%
/// Training epoch 0, iteration 45/99 | global_step: 45 | reduced_train_loss: 11.96 | train_step_timing in s: 6.08 | TFLOPS_per_GPU: 1.249e+03
/// </code>
/// </summary>
internal static partial class ProgressLines
{
    public static TrainingStep? Read(string line)
    {
        if (Nemo().Match(line) is { Success: true } nemo)
            return OfNemo(nemo);
        if (Megatron().Match(line) is { Success: true } megatron)
            return OfMegatron(megatron);
        return Titan().Match(line) is { Success: true } titan ? OfTitan(titan) : null;
    }

    private static TrainingStep? OfNemo(Match match)
    {
        var fields = Fields(match.Groups["kv"].Value);
        var step = Number(fields.GetValueOrDefault("global_step") ?? match.Groups["i"].Value);
        return step is null ? null : new TrainingStep((long)step)
        {
            DurationSeconds = Number(fields.GetValueOrDefault("train_step_timing in s")),
            Tflops = Number(fields.GetValueOrDefault("TFLOPS_per_GPU")),
            Loss = Number(fields.GetValueOrDefault("reduced_train_loss")),
        };
    }

    private static TrainingStep? OfMegatron(Match match)
    {
        var fields = Fields(match.Groups["kv"].Value);
        return Number(match.Groups["it"].Value) is not { } step ? null : new TrainingStep((long)step)
        {
            DurationSeconds = Number(fields.GetValueOrDefault("elapsed time per iteration (ms)")) / 1_000,
            Tflops = Number(fields.GetValueOrDefault("throughput per GPU (TFLOP/s/GPU)")),
            TokensPerSecond = Number(fields.GetValueOrDefault("tokens per GPU per second")),
            Loss = Number(fields.GetValueOrDefault("lm loss")),
            GradNorm = Number(fields.GetValueOrDefault("grad norm")),
        };
    }

    private static TrainingStep? OfTitan(Match match) => Number(match.Groups["step"].Value) is not { } step
        ? null
        : new TrainingStep((long)step)
        {
            TokensPerSecond = Number(match.Groups["tps"].Value),
            Tflops = Number(match.Groups["tf"].Value),
            MfuRatio = Number(match.Groups["mfu"].Value.TrimEnd('%')) / 100,
            Loss = Number(match.Groups["loss"].Value),
            GradNorm = Number(match.Groups["gn"].Value),
        };

    private static Dictionary<string, string> Fields(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.LastIndexOf(':');
            if (colon > 0)
                fields[part[..colon].Trim()] = part[(colon + 1)..].Trim();
        }

        return fields;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < 1e18 ? number : null;

    [GeneratedRegex(@"Training epoch (?<ep>\d+), iteration (?<i>\d+)/(?<n>\d+) \|(?<kv>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Nemo();

    [GeneratedRegex(@"iteration\s+(?<it>\d+)/\s*(?<n>\d+) \|(?<kv>.*\|)", RegexOptions.CultureInvariant)]
    private static partial Regex Megatron();

    [GeneratedRegex(@"step:\s*(?<step>\d+)\s+loss:\s*(?<loss>\S+)\s+(?:grad_norm:\s*(?<gn>\S+)\s+)?memory:\s*(?<mem>[\d.]+)GiB\((?<memp>[\d.]+)%\)\s+tps:\s*(?<tps>[\d,]+)(?:\s+tflops:\s*(?<tf>[\d.,]+))?(?:\s+mfu:\s*(?<mfu>[\d.]+%|N/A))?", RegexOptions.CultureInvariant)]
    private static partial Regex Titan();
}
