using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

public sealed class EventAlerterTests
{
    private static readonly LabelSet s_gpu = Labels(("node", "node-003"), ("UUID", "GPU-5"), ("gpu", "5"), ("pci_bus_id", "0000:b3:00.0"));
    private static readonly LabelSet s_nic = Labels(("node", "node-003"), ("device", "mlx5_2"));

    private readonly RecordingOutput _output = new();
    private readonly EventOptions _options = new() { MaxEntries = 100 };
    private readonly EventAlerter _alerter;

    public EventAlerterTests() => _alerter = new EventAlerter(_output, s_rows, _options, Quiet<EventAlerter>());

    [Fact]
    public void KnownXid_FirstEvent_PostsTheAlertWithLineAndRow()
    {
        const string line = "NVRM: Xid (PCI:0000:b3:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.";
        _alerter.Process(Event("xid:79", s_gpu, 0) with { Raw = line }, At(1));
        var alert = Assert.Single(_output.Alerts);
        Assert.Equal(
            s_gpu.With(Labels(("alertname", "Xid79"), ("code", "xid:79"), ("severity", "critical"), ("fault_class", "gpu_off_bus"), ("role", "cause"))),
            alert.Labels);
        Assert.Equal((AlertState.Firing, At(0), At(1), At(241)), (alert.State, alert.StartsAt, alert.UpdatedAt, alert.EndsAt!.Value));
        Assert.Equal(
            Labels(
                ("summary", "gone"), ("description", $"1 event(s) xid:79 since 2027-01-15 08:00:00Z, last: {line}"),
                ("action", "reboot-node"), ("events", "1"), ("runbook_url", "runbooks/gpu-off-bus.md")),
            alert.Annotations);
        Assert.Equal(
            [
                new Evidence(EvidenceKind.LogLine, "xid:79: gone", line, At(0)),
                new Evidence(EvidenceKind.Rule, "catalogue row xid:79, action reboot-node (ref)", "faults/xid.yaml:4", At(0)),
            ],
            alert.Evidence);
    }

    [Fact]
    public void UnknownXid_FamilyRow_IsAWarningToInvestigate()
    {
        _alerter.Process(Event("xid:999", s_gpu, 0), At(0));
        Assert.Equal(
            s_gpu.With(Labels(("alertname", "Xid999"), ("code", "xid:999"), ("severity", "warning"), ("fault_class", "unknown"), ("role", "symptom"))),
            _output.Last.Labels);
        Assert.Equal("investigate", _output.Last.Annotations["action"]);
    }

    [Fact]
    public void Storm_HundredThousandLines_IsOneAlertPostedOncePerMinute()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _alerter.Process(Event("xid:95", s_gpu, i * 0.001), At(i * 0.001));
            if (i % 1000 == 0)
                _alerter.Advance(At(i * 0.001));
        }

        Assert.Equal([At(0), At(60)], _output.Alerts.Select(alert => alert.UpdatedAt));
        Assert.Equal("60001", _output.Last.Annotations["events"]);
        Assert.Equal(1, _alerter.FiringCount);
    }

    [Fact]
    public void Hold_NoFurtherEvent_EndsTheAlertAtItsEnd()
    {
        _alerter.Process(Event("xid:95", s_gpu, 0), At(0));
        _alerter.Process(Event("xid:95", s_gpu, 300), At(300));
        _alerter.Advance(At(899));
        Assert.DoesNotContain("Xid95 Resolved", _output.Drain());
        _alerter.Advance(At(900));
        Assert.Equal(["Xid95 Resolved"], _output.Drain());
        Assert.Equal(0, _alerter.FiringCount);
    }

    [Fact]
    public void Repetition_BurstsWithinWindow_CountOnceEach()
    {
        foreach (var second in new[] { 0.0, 60, 120 }) // one burst
            _alerter.Process(Event("xid:13", s_gpu, second), At(second));
        Assert.Equal(["Xid13 Firing", "Xid13 Firing", "Xid13 Firing"], _output.Drain());
        _alerter.Process(Event("xid:13", s_gpu, 4000), At(4000));
        Assert.Equal(["Xid13 Firing", "Xid13Repeated Firing"], _output.Drain());
    }

    [Fact]
    public void Repetition_OutsideWindow_DoesNotFire()
    {
        _alerter.Process(Event("xid:13", s_gpu, 0), At(0));
        _alerter.Advance(At(90_000));
        _alerter.Process(Event("xid:13", s_gpu, 90_000), At(90_000));
        Assert.Equal(["Xid13 Firing", "Xid13 Resolved", "Xid13 Firing"], _output.Drain());
    }

    [Fact]
    public void Xid45_WithItsCause_IsTheCausesSymptom()
    {
        _alerter.Process(Event("xid:45", s_gpu, 0) with { Fields = Labels(("previous_xid", "79")) }, At(0));
        Assert.Equal(("gpu_off_bus", "symptom", "79"), (_output.Last.FaultClass, _output.Last.Labels["role"], _output.Last.Annotations["previous_xid"]));
        _alerter.Process(Event("xid:45", s_gpu.With("UUID", "GPU-6"), 1), At(1));
        Assert.Equal(("job_killed", "symptom", ""), (_output.Last.FaultClass, _output.Last.Labels["role"], _output.Last.Annotations["previous_xid"]));
    }

    [Theory]
    [InlineData(2, "ecc_uncontained")]
    [InlineData(181, "job_killed")]
    public void Xid45_WithoutItsCause_FollowsAnXidShortlyBefore(double later, string faultClass)
    {
        _alerter.Process(Event("xid:95", s_gpu, 0), At(0));
        _alerter.Advance(At(later));
        _alerter.Process(Event("xid:45", s_gpu, later), At(later));
        Assert.Equal(("Xid45", faultClass, "symptom"), (_output.Last.Name, _output.Last.FaultClass, _output.Last.Labels["role"]));
    }

    [Fact]
    public void Xid154_RecoveryAction_ReachesTheOtherAlertsOfTheGpuAndIsTakenBack()
    {
        _alerter.Process(Event("xid:95", s_gpu, 0), At(0));
        _alerter.Process(Event("xid:154", s_gpu, 1) with { Raw = "Xid 154, GPU recovery action changed from 0x0 (None) to 0x4 (Drain and Reset)" }, At(1));
        Assert.Equal(
            [("Xid95", ""), ("Xid95", "Drain and Reset"), ("Xid154", "Drain and Reset")],
            _output.Alerts.Select(alert => (alert.Name, alert.Annotations["recovery_action"])));
        _output.Drain();
        _alerter.Process(Event("xid:154", s_gpu, 2) with { Raw = "GPU recovery action changed from 0x4 (Drain and Reset) to 0x0 (None)" }, At(2));
        Assert.Equal(
            [("Xid95", AlertState.Firing, ""), ("Xid154", AlertState.Resolved, "Drain and Reset")],
            _output.Alerts.Select(alert => (alert.Name, alert.State, alert.Annotations["recovery_action"])));
    }

    [Fact]
    public void LinkUp_SamePort_EndsLinkDownAtOnce()
    {
        _alerter.Process(Event("mlx5:link_down", s_nic, 0), At(0));
        _alerter.Process(Event("mlx5:link_up", s_nic.With("device", "mlx5_9"), 1), At(1));
        Assert.Equal(["Mlx5LinkDown Firing"], _output.Drain());
        _alerter.Process(Event("mlx5:link_up", s_nic, 2), At(2));
        Assert.Equal(["Mlx5LinkDown Resolved"], _output.Drain());
    }

    [Fact]
    public void Flapping_ThreeDownsAndUps_IsOneStandingAlertBesideTheLinks()
    {
        for (var second = 0; second < 60; second += 20)
        {
            _alerter.Process(Event("mlx5:link_down", s_nic, second), At(second));
            _alerter.Process(Event("mlx5:link_up", s_nic, second + 5), At(second + 5));
        }

        Assert.Equal(
            [
                "Mlx5LinkDown Firing", "Mlx5LinkDown Resolved", "Mlx5LinkDown Firing", "Mlx5LinkDown Resolved",
                "Mlx5LinkDown Firing", "Mlx5LinkDownRepeated Firing", "Mlx5LinkDown Resolved",
            ],
            _output.Drain());
        _alerter.Advance(At(40 + 1800));
        Assert.Equal(["Mlx5LinkDownRepeated Resolved"], _output.Drain());
    }

    [Fact]
    public void Boot_LinesOfAnEarlierBoot_NeverFireAndANewBootEndsWhatWas()
    {
        _alerter.Process(Event("xid:79", s_gpu, 0) with { BootId = "a" }, At(0));
        _alerter.Process(Event("xid:13", s_gpu, 100) with { BootId = "b" }, At(100));
        Assert.Equal(["Xid79 Firing", "Xid79 Resolved", "Xid13 Firing"], _output.Drain());
        _alerter.Process(Event("xid:79", s_gpu, 101) with { BootId = "a" }, At(101));
        _alerter.Process(Event("xid:79", s_gpu, 50) with { BootId = "c" }, At(102));
        Assert.Empty(_output.Alerts);
    }

    [Fact]
    public void DedupeKey_SameWithinWindow_IsOneEvent()
    {
        _alerter.Process(Event("xid:79", s_gpu, 0) with { DedupeKey = "k" }, At(0));
        _alerter.Process(Event("xid:79", s_gpu, 5) with { DedupeKey = "k" }, At(5));
        _alerter.Advance(At(60));
        Assert.Equal("1", _output.Last.Annotations["events"]);
        _alerter.Process(Event("xid:79", s_gpu, 61) with { DedupeKey = "k" }, At(61));
        _alerter.Advance(At(120));
        Assert.Equal("2", _output.Last.Annotations["events"]);
    }

    [Fact]
    public void OldLine_PastItsHold_IsNotRaised()
    {
        _alerter.Process(Event("xid:13", s_gpu, 0), At(600));
        Assert.Empty(_output.Alerts);
        _alerter.Process(Event("xid:13", s_gpu, 1), At(600));
        Assert.Equal(At(1), _output.Last.StartsAt);
    }

    [Fact]
    public void SeverityNoneAndUnmatched_RaiseNothing()
    {
        _alerter.Process(Event("xid:14", s_gpu, 0), At(0));
        _alerter.Process(Event("oom:kill", s_gpu, 0), At(0));
        Assert.Empty(_output.Alerts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Maintenance_StartToEnd_IsOneWindowBoundedAtFourHours(bool announcedEnd)
    {
        var node = Labels(("node", "node-003"));
        var start = Event("change:maintenance_start", node, 0) with { Source = EventSource.Change };
        _alerter.Process(start, At(0));
        Assert.Equal(
            node.With(Labels(("alertname", "MaintenanceWindow"), ("code", "change:maintenance_start"), ("severity", "info"), ("fault_class", "maintenance"), ("role", "cause"))),
            _output.Last.Labels);
        _output.Drain();
        if (announcedEnd)
        {
            _alerter.Process(start with { Code = "change:maintenance_end" }, At(600));
            Assert.Equal(["MaintenanceWindow Resolved"], _output.Drain());
            return;
        }

        _alerter.Advance(At((4 * 3600) - 1));
        Assert.Equal(["MaintenanceWindow Firing"], _output.Drain());
        _alerter.Advance(At(4 * 3600));
        Assert.Equal(["MaintenanceWindow Resolved"], _output.Drain());
    }

    [Fact]
    public void Change_IsARemarkThatSaysWhichForAnHour()
    {
        var change = Event("change:deploy", Labels(("app", "llm-7b"), ("environment", "prod"), ("region", "eu")), 0) with { Source = EventSource.Change, Fields = Labels(("text", "1.0 to 1.1")) };
        _alerter.Process(change, At(0));

        Assert.Equal(
            Labels(("app", "llm-7b"), ("environment", "prod"), ("change", "1.0 to 1.1"), ("alertname", "ChangeDeploy"), ("code", "change:deploy"), ("severity", "info"), ("fault_class", "bad_change"), ("role", "symptom")),
            _output.Last.Labels);
        Assert.Equal((true, "a deployment: 1.0 to 1.1", "runbooks/bad-change.md"), (_output.Last.IsChange, _output.Last.Annotations["summary"], _output.Last.Annotations["runbook_url"]));
        Assert.Equal((EvidenceKind.Change, "a deployment: 1.0 to 1.1"), (_output.Last.Evidence[0].Kind, _output.Last.Evidence[0].Text));
        _alerter.Advance(At(3_599));
        _output.Drain();
        _alerter.Advance(At(3_600));
        Assert.Equal(["ChangeDeploy Resolved"], _output.Drain());
    }

    [Fact]
    public void Change_MadeAgain_CountsFromThen_AndAnotherOneStandsBesideIt()
    {
        var change = Event("change:deploy", Labels(("job_name", "llm-7b")), 0) with { Source = EventSource.Change, Fields = Labels(("text", "1.0 to 1.1")) };
        _alerter.Process(change, At(0));
        _alerter.Process(change with { At = At(100), Fields = Labels(("text", "1.1 to 1.0")) }, At(100));
        Assert.Equal((2, At(100)), (_alerter.FiringCount, _output.Last.StartsAt));
        _output.Drain();

        _alerter.Process(change with { At = At(200) }, At(200));
        Assert.Equal(At(200), _output.Last.StartsAt);
        Assert.Equal(["ChangeDeploy Resolved", "ChangeDeploy Firing"], _output.Drain());
        Assert.Equal(2, _alerter.FiringCount);
    }

    [Fact]
    public void NcclLines_OfManyRanks_AreOneAlertOfTheJob()
    {
        for (var rank = 0; rank < 8; rank++)
        {
            var labels = Labels(("job", "llm-7b"), ("rank", rank.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("node", "node-000"));
            _alerter.Process(Event("nccl:watchdog_timeout", labels, rank) with { Source = EventSource.Nccl }, At(rank));
        }

        _alerter.Advance(At(60));
        Assert.Equal(["llm-7b", "llm-7b"], _output.Alerts.Select(alert => alert.Labels["job_name"]));
        Assert.Equal(("0,1,2,3,4,5,6,7", "", ""), (_output.Last.Annotations["ranks"], _output.Last.Labels["node"], _output.Last.Labels["rank"]));
    }

    [Fact]
    public void StepThatWasComputedAgain_AccusesItsRankAndNobodyElse()
    {
        var labels = Labels(("job_name", "llm-7b"), ("rank", "12"), ("node", "trainer-0"));
        var rows = new[] { Row("replay:transient_error", "computed wrongly", "silent_corruption", "cause", "critical", "drain-and-inspect"), Row("replay:unexpected_result", "unbelievable", "unknown", "symptom", "info", "investigate") };
        var alerter = new EventAlerter(_output, rows, new EventOptions(), Microsoft.Extensions.Logging.Abstractions.NullLogger<EventAlerter>.Instance);
        alerter.Process(Event("replay:unexpected_result", labels, 0) with { Source = EventSource.Training }, At(0));
        alerter.Process(Event("replay:transient_error", labels, 1) with { Source = EventSource.Training }, At(1));

        Assert.Equal(["llm-7b|", "llm-7b|12"], _output.Alerts.Select(alert => $"{alert.Labels["job_name"]}|{alert.Labels["rank"]}"));
        Assert.Equal("runbooks/silent-corruption.md", _output.Last.Annotations["runbook_url"]);
    }

    [Fact]
    public void Entries_AtTheLimit_RefusesFurtherOnesUntilOneEnds()
    {
        for (var i = 0; i < 102; i++)
            _alerter.Process(Event("xid:79", s_gpu.With("UUID", "GPU-" + i), 0), At(0));
        Assert.Equal(100, _alerter.FiringCount);
        _alerter.Advance(At(4000));
        _output.Drain();
        _alerter.Process(Event("xid:79", s_gpu.With("UUID", "GPU-200"), 4001), At(4001));
        Assert.Equal(["Xid79 Firing"], _output.Drain());
    }

    private static TelemetryEvent Event(string code, LabelSet labels, double second) => new()
    {
        At = At(second),
        Source = EventSource.Kmsg,
        Code = code,
        Raw = "line",
        Labels = labels,
    };

    private static FaultCatalogueRow Row(string code, string meaning, string faultClass, string role, string severity, string action) => new()
    {
        Code = code,
        Meaning = meaning,
        FaultClass = faultClass,
        Role = role,
        Severity = severity,
        Action = action,
        Reference = "ref",
        Source = new SourceLine("faults/xid.yaml", 4),
    };

    private static readonly FaultCatalogueRow[] s_rows =
    [
        Row("xid:79", "gone", "gpu_off_bus", "cause", "critical", "reboot-node") with { Hold = TimeSpan.FromHours(1) },
        Row("xid:95", "uncontained", "ecc_uncontained", "cause", "critical", "reset-gpu"),
        Row("xid:13", "exception", "user_code_error", "symptom", "warning", "restart-app"),
        Row("xid_repeated:13", "exception again", "unknown", "symptom", "warning", "drain-and-inspect") with { Count = 2, Hold = TimeSpan.FromHours(1) },
        Row("xid:14", "test", "unknown", "symptom", "none", "ignore"),
        Row("xid:45", "clean-up", "job_killed", "symptom", "info", "ignore"),
        Row("xid:154", "recovery action", "unknown", "symptom", "warning", "investigate"),
        Row("xid:*", "unknown code", "unknown", "symptom", "warning", "investigate"),
        Row("mlx5:link_down", "link down", "leaf_flap", "symptom", "warning", "investigate") with { Hold = TimeSpan.FromHours(24) },
        Row("mlx5_repeated:link_down", "link flaps", "leaf_flap", "symptom", "warning", "drain-and-inspect") with
        {
            Count = 3, Window = TimeSpan.FromHours(1), Hold = TimeSpan.FromMinutes(30),
        },
        Row("change:deploy", "a deployment", "bad_change", "symptom", "info", "investigate") with { Hold = TimeSpan.FromHours(1) },
        Row("nccl:watchdog_timeout", "collective timed out", "user_code_hang", "symptom", "warning", "investigate"),
    ];
}
