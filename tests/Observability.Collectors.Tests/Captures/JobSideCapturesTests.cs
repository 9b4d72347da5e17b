namespace Observability.Collectors.Tests;

/// <summary>
/// What captures of jobs, schedulers and platforms are read as. Those with h200 in their names are our own recording of a training run on one
/// NVIDIA H200 (torch 2.11, transformers 5.17, driver 580.159.04), with other numbers for what names the board.
/// </summary>
public sealed class JobSideCapturesTests
{
    [Theory]
    [InlineData("Training", "megatron")]
    [InlineData("Training", "titan-h200")]
    [InlineData("Training", "trainer-h200")]
    [InlineData("Training", "elastic-llm")]
    [InlineData("Training", "elastic-rank0")]
    [InlineData("FlightRecorder", "hang")]
    [InlineData("FlightRecorder", "sorted")]
    [InlineData("Nccl", "llm-status")]
    [InlineData("Nccl", "llm-monitor")]
    [InlineData("Nccl", "llm-ras")]
    [InlineData("Nccl", "llm-inspector")]
    [InlineData("Slurm", "sinfo")]
    [InlineData("Slurm", "scontrol")]
    [InlineData("Slurm", "sacct")]
    [InlineData("Slurm", "json-v0040")]
    [InlineData("Kubernetes", "nodes")]
    [InlineData("Kubernetes", "pods")]
    [InlineData("Otlp", "metrics")]
    [InlineData("Otlp", "logs")]
    [InlineData("Probes", "gpu-017-write")]
    [InlineData("Changes", "changes")]
    [InlineData("KernelLog", "dmesg-gpu-h200")]
    public void Capture_IsReadAsWrittenDown(string source, string name) => Golden.Check(source, name, node: "");

    [Theory]
    [InlineData("h200-busy")]
    [InlineData("h200-loop")]
    public void OwnH200_IsReadAsWrittenDown(string name) => Golden.Check("Nvidia", name, node: "gpu-017");
}
