namespace Observability.Collectors.Tests.Calls;

/// <summary>How an agent tells who calls whom.</summary>
public sealed class CallSeriesWriterTests
{
    private static readonly ServiceCall Front = new("front", "cart");
    private static readonly ServiceCall Store = new("cart", "redis@cache-1", "redis");

    private readonly World _world = new();
    private readonly CallSeriesWriter _calls;

    public CallSeriesWriterTests() => _calls = new CallSeriesWriter(_world, "node-017", 2);

    [Fact]
    public void WhatIsNew_IsWrittenAtOnce_AndAgainEveryTwoMinutesAsLongAsItIsSeen()
    {
        _calls.RunDue(World.Start);
        Assert.Empty(_world.Batches);

        See(0, Store, Front, Front);
        Assert.Equal(
            ["service_call_info{client=\"cart\", node=\"node-017\", server=\"redis@cache-1\", system=\"redis\"} 1", "service_call_info{client=\"front\", node=\"node-017\", server=\"cart\"} 1"],
            World.Show(Assert.Single(_world.Batches)));

        See(60, Front);
        See(119, Store);
        Assert.Single(_world.Batches);
        See(120, Front);
        Assert.Equal(["service_call_info{client=\"front\", node=\"node-017\", server=\"cart\"} 1"], World.Show(_world.Batches[1]));
        _calls.RunDue(World.Start.AddMinutes(9));
        Assert.Equal(2, _world.Batches.Count);
    }

    [Fact]
    public void CallsPastTheLimit_AreLeftOut_AndSoIsAServiceThatAsksItself()
    {
        See(0, Front, Store, new ServiceCall("cart", "stock"), new ServiceCall("cart", "cart"));
        Assert.Equal(2, Assert.Single(_world.Batches).Samples.Count);

        See(1, new ServiceCall("cart", "stock"));
        Assert.Single(_world.Batches[1].Samples);
    }

    private void See(int second, params ServiceCall[] calls)
    {
        var now = World.Start.AddSeconds(second);
        _calls.See(calls, now);
        _calls.RunDue(now);
    }
}
