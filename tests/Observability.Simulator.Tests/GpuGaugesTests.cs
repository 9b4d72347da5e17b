namespace Observability.Simulator.Tests;

/// <summary>Baselines and spread of healthy GPUs in training: facts on published failures, section 9.</summary>
public sealed class GpuGaugesTests
{
    private static readonly SimulatedFleet World = new SimulatedFleet(nodes: 64).After(20);

    // mean and tolerance, deviation between GPUs and tolerance.
    [Theory]
    [InlineData("DCGM_FI_DEV_POWER_USAGE", 600, 5, 20, 3)]
    [InlineData("DCGM_FI_DEV_GPU_TEMP", 62, 2, 5, 1)]
    [InlineData("DCGM_FI_DEV_MEMORY_TEMP", 74, 2, 5, 1)]
    [InlineData("DCGM_FI_DEV_SM_CLOCK", 1_620, 5, 40, 10)]
    [InlineData("DCGM_FI_DEV_GPU_UTIL", 99, 0, 0, 1)]
    [InlineData("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", 0.42, 0.002, 0.006, 0.001)]
    [InlineData("DCGM_FI_PROF_SM_ACTIVE", 0.78, 0.01, 0.04, 0.03)]
    [InlineData("DCGM_FI_PROF_DRAM_ACTIVE", 0.32, 0.005, 0.02, 0.02)]
    [InlineData("DCGM_FI_DEV_FB_USED", 71_680, 1_024, 0, 1_024)]
    public void Fleet_InTraining_HasThePublishedBaseline(string metric, double mean, double meanTolerance, double deviation, double deviationTolerance)
    {
        var values = Busy(World).Where(sample => sample.Name == metric).Select(sample => sample.Value).ToArray();

        Assert.Equal(60 * 8, values.Length);
        Assert.Equal(mean, values.Average(), meanTolerance);
        Assert.Equal(deviation, Math.Sqrt(values.Select(value => Math.Pow(value - values.Average(), 2)).Average()), deviationTolerance);
    }

    [Fact]
    public void Fleet_WithoutFaults_NeverReachesALimitThatARuleKnows()
    {
        for (var hour = 0; hour < 24; hour++)
        {
            var world = new SimulatedFleet(nodes: 64, seed: hour, startHour: hour).After(20);
            foreach (var (name, _, value) in Busy(world))
            {
                var limit = name switch { "DCGM_FI_DEV_GPU_TEMP" => 85, "DCGM_FI_DEV_MEMORY_TEMP" => 95, "DCGM_FI_DEV_POWER_USAGE" => GpuGauges.PowerCap, _ => double.PositiveInfinity };
                Assert.True(value < limit, $"{name} {value} at hour {hour}");
            }
        }
    }

    [Fact]
    public void Noise_Normal_HasMeanZeroDeviationOneAndABound()
    {
        var drawn = Enumerable.Range(0, 100_000).Select(n => Noise.Normal(1, n % 97, n / 97, n)).ToArray();

        Assert.Equal(0, drawn.Average(), tolerance: 0.02);
        Assert.Equal(1, Math.Sqrt(drawn.Select(value => value * value).Average()), tolerance: 0.02);
        Assert.All(drawn, value => Assert.InRange(value, -Noise.Bound, Noise.Bound));
    }

    [Fact]
    public void Noise_Uniform_FillsTheUnitIntervalEvenly()
    {
        var tenths = Enumerable.Range(0, 100_000).Select(n => (int)(Noise.Uniform(7, n, 3, 1) * 10)).CountBy(tenth => tenth).ToDictionary();

        Assert.Equal(Enumerable.Range(0, 10), tenths.Keys.Order());
        Assert.All(tenths.Values, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void KeyOf_JobNamesOfOneLength_Differ()
    {
        Assert.Equal(Noise.KeyOf("llm-70b"), Noise.KeyOf("llm-70b"));
        Assert.NotEqual(Noise.KeyOf("llm-70b"), Noise.KeyOf("llm-71b"));
    }

    private static IEnumerable<(string Name, Dictionary<string, string> Labels, double Value)> Busy(SimulatedFleet world) =>
        Enumerable.Range(0, 60).SelectMany(node => Scrape.Dcgm(world, node).Samples);
}
