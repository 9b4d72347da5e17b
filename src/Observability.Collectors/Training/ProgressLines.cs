using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Progress lines of training frameworks. NeMo comes before Megatron, because a loose Megatron pattern matches it too.
/// <code>
/// [2026-08-22 10:11:12.123456] iteration      120/  250000 | elapsed time per iteration (ms): 4647.8 | throughput per GPU (TFLOP/s/GPU): 412.3 | lm loss: 9.76E+00 | grad norm: 33.055 |
/// iteration: 991 / 1000 | consumed_tokens: 634K | elapsed_time_per_iteration_ms: 45 | tokens_per_sec_per_gpu: 1.78K | lm_loss: 3.1 | model_tflops_per_gpu: 0.0087 |
/// step: 20  loss:  8.12345  grad_norm:  1.2345  memory: 12.34GiB(25.00%)  tps: 12,345  tflops: 123.45  mfu: 12.34%
/// Training epoch 0, iteration 45/99 | global_step: 45 | reduced_train_loss: 11.96 | train_step_timing in s: 6.08 | TFLOPS_per_GPU: 1.249e+03
/// Epoch 0: 1%| | 795/77225 [9:07:58&lt;878:01:48, 41.36s/it, loss=3.1, v_num=0, global_step=794.0, consumed_samples=1.63e+6]
/// epoch=0/micro_step=40/global_step=10, RunningAvgSamplesPerSec=41.2, CurrSamplesPerSec=42.0, MemAllocated=32.1GB, MaxMemAllocated=61.7GB
/// {'loss': 1.1406, 'grad_norm': 1.158, 'learning_rate': 2.2e-05, 'epoch': 0.29}
/// </code>
/// The numbers of a line that is cut are only taken where a separator follows them.
/// </summary>
internal static partial class ProgressLines
{
    public static TrainingStep? Read(string line)
    {
        // Each pattern is tried only where a word of it is there: most lines of a log are none of these.
        if (Has(line, "iteration"))
        {
            if (Nemo().Match(line) is { Success: true } nemo)
                return OfNemo(nemo);
            if (Megatron().Match(line) is { Success: true } megatron)
                return OfMegatron(megatron);
        }

        if (Has(line, "step:") && Titan().Match(line) is { Success: true } titan)
            return OfTitan(titan);
        if (Has(line, "SamplesPerSec=") && DeepSpeed().Match(line) is { Success: true } deepSpeed)
            return OfDeepSpeed(deepSpeed);
        if (Has(line, "skipped=") && DeepSpeedStep().Match(line) is { Success: true } counted)
            return new TrainingStep(Whole(counted, "step")) { SkippedSteps = Number(counted, "skipped"), LearningRate = Number(counted, "lr") };
        if ((Has(line, "s/it") || Has(line, "it/s")) && Bar().Match(line) is { Success: true } bar)
            return OfBar(bar, line);
        return Has(line, "{'") ? OfTrainer(line) : null;
    }

    private static TrainingStep? OfNemo(Match match)
    {
        var fields = new ProgressFields(match.Groups["kv"].Value);
        var step = fields.Number("global_step") ?? Number(match, "i");
        return step is null ? null : new TrainingStep((long)step)
        {
            DurationSeconds = fields.Number("train_step_timing in s"),
            Tflops = fields.Number("TFLOPS_per_GPU"),
            Loss = fields.Number("reduced_train_loss", "loss"),
            GradNorm = fields.Number("grad_norm"),
            LearningRate = fields.Number("lr"),
            GlobalBatchSize = fields.Number("global_batch_size"),
            Epoch = Number(match, "ep"),
            Attention = "causal",
        };
    }

    private static TrainingStep? OfMegatron(Match match)
    {
        // Some forks put fields before the iteration.
        var fields = new ProgressFields(match.Groups["before"].Value + "|" + match.Groups["kv"].Value);
        return Whole(match, "it") is not { } step ? null : new TrainingStep(step)
        {
            DurationSeconds = fields.Number("elapsed time per iteration (ms)", "elapsed_time_per_iteration_ms") / 1_000
                ?? fields.Number("elapsed time per iteration (s)"),
            Tflops = fields.Number("throughput per GPU (TFLOP/s/GPU)", "TFLOPs", "approx flops per GPU", "model_tflops_per_gpu", "model tflops"),
            HardwareTflops = fields.Number("hardware_tflops_per_gpu"),
            TokensPerSecond = fields.Number("tokens per GPU per second", "tokens_per_sec_per_gpu", "tokens per gpu per second (tgs)"),
            SamplesPerSecond = fields.Number("samples per second", "samples/sec"),
            Loss = fields.Number("lm loss", "lm_loss", "loss"),
            GradNorm = fields.Number("grad norm", "grad_norm"),
            LearningRate = fields.Number("learning rate", "lr"),
            GlobalBatchSize = fields.Number("global batch size", "global_batch_size"),
            SkippedSteps = fields.Number("number of skipped iterations"),
            NanSteps = fields.Number("number of nan iterations"),
            Attention = match.Groups["colon"].Success ? "" : "causal",
        };
    }

    private static TrainingStep? OfTitan(Match match) => Whole(match, "step") is not { } step
        ? null
        : new TrainingStep(step)
        {
            TokensPerSecond = Number(match, "tps"),
            Tflops = Number(match, "tf"),
            MfuRatio = ProgressFields.NumberOf(match.Groups["mfu"].Value.TrimEnd('%')) / 100,
            Loss = Number(match, "loss"),
            GradNorm = Number(match, "gn"),
            Attention = "full",
        };

    private static TrainingStep OfDeepSpeed(Match match) => new(Whole(match, "g") ?? Whole(match, "old"))
    {
        SamplesPerSecond = Number(match, "cur") ?? Number(match, "avg"),
        Epoch = Number(match, "e"),
    };

    // tqdm, as Lightning and Hugging Face's Trainer print it; global_step is the step where it is there.
    private static TrainingStep? OfBar(Match match, string line)
    {
        var rate = Number(match, "rate");
        var step = Field(line, "global_step") ?? Number(match, "step");
        return step is null ? null : new TrainingStep((long)step)
        {
            DurationSeconds = match.Groups["unit"].Value == "s/it" ? rate : rate > 0 ? 1 / rate : null,
            Loss = Field(line, "loss") ?? Field(line, "reduced_train_loss"),
        };
    }

    private static TrainingStep? OfTrainer(string line)
    {
        if (Dictionary().Match(line) is not { Success: true } dictionary)
            return null;
        double? Value(string key) => ProgressFields.NumberOf(
            Pair().Matches(dictionary.Value).FirstOrDefault(pair => pair.Groups["key"].Value == key)?.Groups["value"].Value);
        var step = new TrainingStep((long?)Value("step"))
        {
            Loss = Value("loss") ?? Value("train_loss"),
            GradNorm = Value("grad_norm"),
            LearningRate = Value("learning_rate"),
            Epoch = Value("epoch"),
            SamplesPerSecond = Value("train_samples_per_second"),
            TokensPerSecond = Value("train_tokens_per_second"),
        };
        return step.Loss is null && step.SamplesPerSecond is null ? null : step;
    }

    private static double? Field(string line, string key)
    {
        var at = line.IndexOf(key + "=", StringComparison.Ordinal);
        if (at < 0)
            return null;
        var rest = line.AsSpan(at + key.Length + 1);
        var end = rest.IndexOfAny(",] ");
        return end < 0 ? null : ProgressFields.NumberOf(rest[..end].ToString());
    }

    private static bool Has(string line, string word) => line.Contains(word, StringComparison.Ordinal);

    private static double? Number(Match match, string group) => ProgressFields.NumberOf(match.Groups[group].Value);

    private static long? Whole(Match match, string group) =>
        long.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : null;

    [GeneratedRegex(@"Training epoch (?<ep>\d+), iteration (?<i>\d+)/(?<n>\d+) \|(?<kv>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Nemo();

    [GeneratedRegex(@"^(?<before>[^|]*(?:\|[^|]*)?)\biteration(?<colon>:)?\s+(?<it>\d+) ?/\s*(?<n>\d+) \|(?<kv>.*\|)", RegexOptions.CultureInvariant)]
    private static partial Regex Megatron();

    [GeneratedRegex(@"step:\s*(?<step>\d+)\s+loss:\s*(?<loss>\S+)\s+(?:grad_norm:\s*(?<gn>\S+)\s+)?memory:\s*(?<mem>[\d.]+)GiB\((?<memp>[\d.]+)%\)\s+tps:\s*(?<tps>[\d,]+)(?:\s+tflops:\s*(?<tf>[\d.,]+))?(?:\s+mfu:\s*(?<mfu>[\d.]+%|N/A))?", RegexOptions.CultureInvariant)]
    private static partial Regex Titan();

    [GeneratedRegex(@"(?:epoch=(?<e>\d+)/micro_step=(?<m>\d+)/global_step=(?<g>\d+), RunningAvgSamplesPerSec=(?<avg>[\d.]+), CurrSamplesPerSec=(?<cur>[\d.]+),|\b(?<old>\d+)/\d+, SamplesPerSec=(?<avg>[\d.]+),)", RegexOptions.CultureInvariant)]
    private static partial Regex DeepSpeed();

    [GeneratedRegex(@"\[Rank \d+\] step=(?<step>\d+), skipped=(?<skipped>\d+), lr=\[(?<lr>[\d.eE+-]+)[,\]]", RegexOptions.CultureInvariant)]
    private static partial Regex DeepSpeedStep();

    [GeneratedRegex(@"\|\s*(?<step>\d+)/(?<n>\d+) \[[\d:]+<[\d:?]+,\s*(?<rate>[\d.]+)(?<unit>s/it|it/s)[,\]]", RegexOptions.CultureInvariant)]
    private static partial Regex Bar();

    [GeneratedRegex(@"\{'[a-z_]+': [^{}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Dictionary();

    [GeneratedRegex(@"'(?<key>[a-z_]+)': '?(?<value>[^,'{}]+)'?(?=[,}])", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
