using Observability.Content;
using Observability.Model;
using Observability.Testing;

namespace Observability.Response.Tests;

public class RunbookFilesTests
{
    private static readonly string[] Hardware =
        ["ecc-uncontained", "gpu-off-bus", "gsp-timeout", "node-down", "nvlink-error", "pcie-width-loss", "row-remap-pending", "silent-corruption", "slow-nic", "thermal-throttle"];

    private static readonly string[] Soft =
        ["bad-change", "data-loader-stall", "gpu-health", "host", "job-killed", "leaf-flap", "maintenance", "monitor-silent", "platform", "power-brake", "storage-stall", "training-slow", "user-code-hang"];

    [Fact]
    public void Files_AreAllReadWithoutFindings() =>
        Assert.Equal(Hardware.Concat(Soft).Order(StringComparer.Ordinal), Read().Select(book => book.Id));

    [Fact]
    public void HardwareRunbooks_CordonTaintAndDrain_AndReturnTheSameWay()
    {
        foreach (var book in Read().Where(book => Hardware.Contains(book.Id)))
        {
            Assert.Equal(["kubernetes.cordon", "kubernetes.taint", "kubernetes.evict"], book.Steps.Select(step => step.Action));
            Assert.Equal("hold", book.Steps[2].Parameters["on_failure"]);
            Assert.Equal(["kubernetes.untaint", "kubernetes.uncordon"], book.Return.Select(step => step.Action));
            Assert.Equal(["kubernetes.untaint", "kubernetes.uncordon"], book.Rollback.Select(step => step.Action));
            Assert.Equal(["observability.io/" + book.Id], book.Steps.Concat(book.Return).Concat(book.Rollback).Select(step => step.Parameters["key"]).Where(key => key.Length > 0).Distinct());
            Assert.NotEmpty(book.Verification);
            Assert.InRange(book.Trigger.MinimumConfidence, 0.8, 1);
            Assert.Equal(book.Id is "row-remap-pending" or "silent-corruption" ? Strategy.Ask : Strategy.Act, book.MaximumStrategy);
        }
    }

    [Fact]
    public void OtherRunbooks_OnlyTell() =>
        Assert.Equal(["notify"], Read().Where(book => Soft.Contains(book.Id)).SelectMany(book => book.Steps.Concat(book.Return).Concat(book.Rollback)).Select(step => step.Action).Distinct());

    [Fact]
    public void Templates_HaveAValueForEveryKindOfCulprit()
    {
        var view = Fleets.View(2, 2, ("train", 0, 2));
        var culprits = new[] { Fleets.Gpu(0, 0), Fleets.Nic(0, 0), new EntityId(EntityKind.Node, "node-000"), new EntityId(EntityKind.Switch, "leaf-0-r0") };
        foreach (var book in Read())
        {
            foreach (var culprit in culprits.Where(one => book.Trigger.EntityKinds.Contains(one.Kind)))
            {
                var verdict = Make.Verdict(1, culprit, book.Trigger.FaultClasses[0]);
                var run = new ChooseRunbook(Make.Act(), view, [book]).Process(verdict, Make.T0).Last().Execution!;
                Assert.DoesNotContain(RunbookPlan.Of(book, run, view.Current), line => line.Contains("{{", StringComparison.Ordinal));
                Assert.Null(new Template(run, view.Current).Fault(book));
            }
        }
    }

    private static List<Runbook> Read()
    {
        var books = new List<Runbook>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Testing.SharedData.RepositoryRoot(), "runbooks"), "*.md").Order(StringComparer.Ordinal))
        {
            var result = RunbookReader.Read(new ContentFile(file, File.ReadAllText(file)), ActionNames.All.ToHashSet(StringComparer.Ordinal));
            Assert.Equal([], result.Findings.Select(finding => finding.ToString()));
            books.Add(result.Value!);
        }

        return books;
    }
}
