namespace Observability.Metrics.Tests;

/// <summary>A runner that never finds a fault would let every script pass.</summary>
public sealed class ScriptRunnerTests
{
    private const string Load = "load 1m\n    m{a=\"x\"} 1 2 3 stale\n    m{a=\"y\"} 4 5 6\n\n";

    [Theory]
    [InlineData("eval instant at 1m m{a='x'}\n    m{a=\"x\"} 3", "expected m{a=\"x\"} 3, got m{a=\"x\"} 2")]
    [InlineData("eval instant at 1m m{a='x'}\n    m{a=\"z\"} 2", "expected m{a=\"z\"}, got m{a=\"x\"} 2")]
    [InlineData("eval instant at 3m m\n    m{a=\"x\"} 3\n    m{a=\"y\"} 6", "expected 2 series, got 1: m{a=\"y\"} 6")]
    [InlineData("eval instant at 1m m{a='x'}\n    expect fail", "expected a failure")]
    [InlineData("eval instant at 1m topk(NaN, m)\n    expect fail msg: other", "failed with \"Parameter value is NaN\", expected msg other")]
    [InlineData("eval instant at 1m topk(NaN, m)", "failed: Parameter value is NaN")]
    [InlineData("eval instant at 1m rate(m[2m]) * 0 == 1\n    expect no_info", "unexpected info: PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"m\" (1:6)")]
    [InlineData("eval instant at 1m m > 9\n    expect warn", "missing warn ; got []")]
    [InlineData("eval instant at 1m sort(m)\n    expect ordered\n    m{a=\"y\"} 5\n    m{a=\"x\"} 2", "expected m{a=\"y\"}, got m{a=\"x\"} 2; m{a=\"y\"} 5")]
    [InlineData("eval instant at 1m 'x'\n    expect string \"y\"", "expected string y, got Text x")]
    [InlineData("eval instant at 1m m{a='x'}[2m]\n    expect range vector from 1m to 2m step 1m\n    m{a=\"x\"} 1 2", "expected m{a=\"x\"} at [60000 120000], got [0 60000]")]
    [InlineData("eval range from 0 to 2m step 1m m{a='x'}\n    m{a=\"x\"} 1 _ 3", "expected m{a=\"x\"} 1 _ 3, got m{a=\"x\"} 1 2 3")]
    [InlineData("evil instant at 1m m", "is no load, clear or eval command")]
    public async Task Run_WrongCase_IsAFault(string commands, string fault)
    {
        var outcome = Assert.Single(await ScriptRunner.RunTextAsync(Load + commands));
        Assert.Equal(fault, outcome.Fault);
    }

    [Fact]
    public async Task Run_NativeHistograms_AreSkippedByReason()
    {
        var outcomes = await ScriptRunner.RunTextAsync(
            "load_with_nhcb 1m\n    h_bucket{le=\"+Inf\"} 1 2\n    n {{schema:0 count:1}}x3\n\neval instant at 1m h\n\neval instant at 1m n\n\neval instant at 1m h_bucket{le=\"+Inf\"}\n    h_bucket{le=\"+Inf\"} 2");
        Assert.Equal([ScriptSkips.CustomBuckets, ScriptSkips.NativeHistogram, null], outcomes.Select(outcome => outcome.Skipped));
        Assert.Null(outcomes[2].Fault);
    }

    [Fact]
    public void Variants_OfATimeDependentQuery_AreNone()
    {
        var at = DateTimeOffset.UnixEpoch.AddMinutes(5);
        Assert.Empty(StepInvariance.Variants("time() - timestamp(m)", at));
        Assert.Equal(
            ["sum_over_time(m[5m] @ 300.000) + max_over_time(abs(m)[5m:1m] @ 300.000)"],
            StepInvariance.Variants("sum_over_time(m[5m]) + max_over_time(abs(m)[5m:1m])", at).Select(variant => variant.Query).Distinct());
    }
}
