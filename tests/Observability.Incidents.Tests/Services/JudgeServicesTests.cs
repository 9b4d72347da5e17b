using Observability.Incidents.Tests.RootCause;
using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Services;

/// <summary>Verdicts on incidents of plain services, behind correlation and ranking as in the pipeline.</summary>
public sealed class JudgeServicesTests
{
    private readonly TopologyView _shop = Make.Shop(("front", "cart"), ("front", "mail"), ("cart", "stock"), ("stock", "db"), ("search", "db"));

    [Fact]
    public void CalleeWithATroubleOfItsOwn_IsAtFault()
    {
        var verdict = Assert.Single(new Judge(_shop).Hear(Make.Slow("front", 0), Make.Slow("cart", 2), Make.Slow("stock", 4), Make.Slow("stock", 6, "StockMemoryHigh")).Verdicts);

        Assert.Equal((VerdictKind.NotHardware, FaultClass.UserCodeError, "service:stock", 0), (verdict.Kind, verdict.FaultClass, verdict.Entity.ToString(), verdict.Confidence));
        Assert.Equal("service stock is at fault: Slow, StockMemoryHigh", verdict.Summary);
        Assert.Equal(["service:stock"], verdict.Causes.Select(cause => cause.Entity.ToString()));
        Assert.Equal(
            ["Slow = 1", "rule Slow", "StockMemoryHigh = 1", "rule StockMemoryHigh", "Metric: StockMemoryHigh (log-likelihood ratio 3.5)", "Trace: Slow (log-likelihood ratio 1.3)",
                "cart, front call stock and show it too", "db, which it calls, shows nothing", "4.7 nats for it, and nothing for another; a clear answer takes 3.0, and none of it is a calibrated probability"],
            verdict.Evidence.Select(line => line.Text));
    }

    [Fact]
    public void ServiceThatWasChangedBefore_IsABadChange_AndWhatItsCalleeChangedIsToldToo()
    {
        var verdict = Assert.Single(new Judge(_shop).Hear(
            Make.Changed(Make.Service("stock"), 0), Make.Changed(Make.Service("db"), 60), Make.Slow("front", 180), Make.Slow("stock", 184), Make.Slow("stock", 186, "StockMemoryHigh")).Verdicts);

        Assert.Equal((VerdictKind.NotHardware, FaultClass.BadChange, "service:stock", "bad change: service stock: Slow, StockMemoryHigh"), (verdict.Kind, verdict.FaultClass, verdict.Entity.ToString(), verdict.Summary));
        Assert.Equal(
            ["3 min before the first sign stock was changed: A deploy: 1.0 to 1.1", "2 min before the first sign db was changed: A deploy: 1.0 to 1.1"],
            verdict.Evidence.Where(line => line.Kind == EvidenceKind.Change).Select(line => line.Text));
    }

    [Fact]
    public void SlowAllAlongTheCalls_IsUnclear_WithTheLastCalleeFirst()
    {
        var verdict = Assert.Single(new Judge(_shop).Hear(Make.Slow("stock", 0), Make.Slow("front", 2), Make.Slow("cart", 4)).Verdicts);

        Assert.Equal((VerdictKind.Unknown, FaultClass.Unknown, null, "unclear; most likely service stock"), (verdict.Kind, verdict.FaultClass, verdict.Entity, verdict.Summary));
        Assert.Equal("service:stock", verdict.Causes[0].Entity.ToString());
    }

    [Fact]
    public void ServiceInBetweenThatShowsNothing_DoesNotClearItsCallee()
    {
        var verdict = Assert.Single(new Judge(_shop).Hear(Make.Slow("front", 0), Make.Slow("stock", 2)).Verdicts);

        Assert.Equal(["service:stock"], verdict.Causes.Select(cause => cause.Entity.ToString()));
    }

    [Fact]
    public void ServicesThatCallEachOther_AreBothCandidates()
    {
        var verdict = Assert.Single(new Judge(Make.Shop(("a", "b"), ("b", "a"))).Hear(Make.Slow("a", 0), Make.Slow("b", 2)).Verdicts);

        Assert.Equal((VerdictKind.Unknown, 2), (verdict.Kind, verdict.Causes.Length));
    }

    [Fact]
    public void CulpritThatSpeaksLate_TakesTheBlameOver()
    {
        var judge = new Judge(_shop).Hear(Make.Slow("front", 0), Make.Slow("cart", 2), Make.Slow("cart", 3, "CartRestarting"));
        Assert.Equal("service:cart", Assert.Single(judge.Verdicts).Entity.ToString());

        var verdict = Assert.Single(judge.Hear(Make.Slow("db", 60), Make.Slow("db", 61, "DiskFull"), Make.Slow("db", 62, "DbConnectionsExhausted"), Make.Slow("db", 63, "DbDown")).Verdicts);
        Assert.Equal("service:db", verdict.Causes[0].Entity.ToString());
        Assert.True(verdict.Revision > 1);
    }

    [Fact]
    public void WhatFiresInEveryIncident_IsNoNews()
    {
        var judge = new Judge(_shop);
        for (var i = 0; i < 4; i++)
        {
            var noise = Make.Slow("mail", judge.Seconds, "CpuHigh");
            judge.Hear(noise).End(noise);
        }

        var at = judge.Seconds;
        judge.Hear(Make.Slow("mail", at, "CpuHigh"), Make.Slow("front", at + 1), Make.Slow("cart", at + 2, "PodRestarting"));

        // The first time nothing was known of it.
        Assert.Equal("service:mail", judge.Verdicts[0].Entity.ToString());
        Assert.Equal(("service:cart", VerdictKind.Unknown), (judge.Verdicts[^1].Causes[0].Entity.ToString(), judge.Verdicts[3].Kind));
    }

    [Fact]
    public void AlertOfAServiceThatClaimsAHardwareFault_LeadsToNoDevice()
    {
        var verdict = Assert.Single(new Judge(_shop).Hear(Make.Alert(Make.Service("cart"), "CartPoolEmpty", (FaultClass.GpuOffBus, "critical"), 0, cause: true, AlertOrigin.External)).Verdicts);

        Assert.Equal((VerdictKind.NotHardware, FaultClass.UserCodeError), (verdict.Kind, verdict.FaultClass));
    }

    [Fact]
    public void OnlyServices_AreJudgedAsSuch()
    {
        var burn = Make.Alert(Make.Service("slo-goodput"), "Burn", ("", "warning"), 0, origin: AlertOrigin.Slo);

        var judge = new JudgeServices(_shop);
        Assert.True(judge.Concerns([Make.Slow("cart", 0), burn]));
        Assert.False(judge.Concerns([burn]));
        Assert.False(judge.Concerns([Make.Slow("cart", 0), Make.Xid79(Fleets.Gpu(0, 0), 0)]));
        Assert.False(judge.Concerns([Make.Slow("collection", 0)]));
        Assert.False(judge.Concerns([]));
    }

    [Fact]
    public void StoreThatEverybodyCalls_IsLookedAroundToALimit()
    {
        var graph = Make.Shop([.. Enumerable.Range(0, 3_000).Select(i => ($"caller-{i:0000}", "db"))]).Current;

        Assert.Equal(2_000, LiveGraph.Of([Make.Service("db")], graph).Nodes.Count);
        Assert.Equal(1_000, CallPath.Of(Make.Service("db"), graph).Count);
        Assert.Equal(["db"], CallPath.Of(Make.Service("caller-0001"), graph).Select(path => path.Service.Name));
    }

    [Fact]
    public void Memory_PastItsLimit_KeepsWhatItHas()
    {
        var memory = new AlertMemory(3, new AlertRankingOptions());
        var kind = new AlertKind(ServiceAlertSource.Metric, "CpuHigh");
        memory.Add(Enumerable.Range(0, 100_001).Select(i => ($"service-{i}", "service", kind)));

        Assert.Equal(100_000, memory.Count);
        Assert.True(memory.Rate("service-99999", "service", 0, kind, 0) > memory.Rate("service-100000", "service", 0, kind, 0));
    }

    [Theory]
    [InlineData("HighLatency", ServiceAlertSource.Trace)]
    [InlineData("CheckoutDown", ServiceAlertSource.Metric)]
    [InlineData("http_5xx_ratio", ServiceAlertSource.Trace)]
    [InlineData("HighCPUUsage", ServiceAlertSource.Metric)]
    [InlineData("container_oom_killed", ServiceAlertSource.Metric)]
    [InlineData("ErrorLogsRising", ServiceAlertSource.Log)]
    [InlineData("LoginFailures", ServiceAlertSource.Trace)]
    public void AlertName_TellsRequestsFromOwnMeans(string name, ServiceAlertSource source) =>
        Assert.Equal(new ServiceAlert("cart", source, name, Make.At(3)), ServiceSigns.Of(Make.Slow("cart", 3, name)));

    [Fact]
    public void LabelSignal_SaysItWhereTheNameMisleads()
    {
        var alert = Make.Slow("cart", 0, "CpuHigh");
        Assert.Equal(ServiceAlertSource.Trace, ServiceSigns.Of(alert with { Labels = alert.Labels.With("signal", "trace") }).Source);
        Assert.Equal(ServiceAlertSource.Metric, ServiceSigns.Of(alert with { Labels = alert.Labels.With("signal", "7") }).Source);
    }
}
