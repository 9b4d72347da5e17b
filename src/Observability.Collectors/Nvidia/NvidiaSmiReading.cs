namespace Observability.Collectors;

/// <summary>What one output of nvidia-smi holds.</summary>
/// <param name="Gpus">Every GPU that was read completely.</param>
/// <param name="Refused">What was not taken, with place and reason.</param>
/// <param name="Complaints">
/// Lines in which nvidia-smi says that it cannot reach a GPU or the driver:
/// <c>Unable to determine the device handle for GPU 0000:C1:00.0: GPU is lost.</c>
/// </param>
internal sealed record NvidiaSmiReading(IReadOnlyList<NvidiaSmiGpu> Gpus, IReadOnlyList<string> Refused, IReadOnlyList<string> Complaints);
