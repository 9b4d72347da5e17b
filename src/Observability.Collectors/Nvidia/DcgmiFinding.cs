namespace Observability.Collectors;

/// <summary>One test or health watch of dcgmi, on one GPU or on the whole node.</summary>
/// <param name="Gpu">DCGM's number of the GPU; empty for the node.</param>
/// <param name="Category">Group of the test, or empty for a health watch.</param>
/// <param name="Name">Test or watch as printed: <c>PCIe</c>, <c>Memory system</c>.</param>
/// <param name="Status">0 pass, 10 warning, 20 failure: dcgm-exporter's numbers.</param>
internal sealed record DcgmiFinding(string Gpu, string Category, string Name, int Status)
{
    /// <summary>What dcgmi said about it.</summary>
    public IReadOnlyList<(int? ErrorId, string Text)> Messages { get; init; } = [];

    /// <summary>True for a passive health watch, false for a test of <c>dcgmi diag</c>.</summary>
    public bool IsHealth => Category.Length == 0;
}
