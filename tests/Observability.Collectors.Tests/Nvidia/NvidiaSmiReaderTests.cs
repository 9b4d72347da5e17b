using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

public sealed class NvidiaSmiReaderTests
{
    [Theory]
    [InlineData("27 C", 27.0)]
    [InlineData("-7 C", -7.0)]
    [InlineData("67.03 W", 67.03)]
    [InlineData("16x", 16.0)]
    [InlineData("96 bank(s)", 96.0)]
    [InlineData("2 GiB", 2_048.0)]
    [InlineData("1.5 GHz", 1_500.0)]
    [InlineData("3 ms", 3_000.0)]
    [InlineData("0x00000000000001FF", 511.0)]
    [InlineData("Not Active", 0.0)]
    [InlineData("[Yes]", 1.0)]
    [InlineData("Disabled", 0.0)]
    [InlineData("N/A", null)]
    [InlineData("[N/A]", null)]
    [InlineData("[GPU requires reset]", null)]
    [InlineData("Requested functionality has been deprecated", null)]
    [InlineData("", null)]
    [InlineData("0x", null)]
    [InlineData("-", null)]
    public void Value_AsPrinted_IsItsNumberInDcgmsUnit(string text, double? number) => Assert.Equal(number, NvidiaSmiValue.Number(text));

    [Fact]
    public void Csv_UnderAnyNameOfAColumn_SaysTheSame()
    {
        var old = NvidiaSmiReader.Read("gpu_uuid, clocks.sm [MHz], retired_pages.sbe\nGPU-a, 5 MHz, 1\n").Gpus[0].Fields;
        var now = NvidiaSmiReader.Read("uuid, clocks.current.sm, retired_pages.single_bit_ecc.count\nGPU-a, 5 MHz, 1\n").Gpus[0].Fields;

        Assert.Equal(now, old);
    }

    [Fact]
    public void Csv_OfProcesses_IsNotATableOfGpus() =>
        Assert.Empty(NvidiaSmiReader.Read("gpu_uuid, pid, process_name, used_gpu_memory [MiB]\nGPU-a, 1, python, 5 MiB\n").Gpus);

    [Fact]
    public void Complaint_WithoutDriver_IsAFinding()
    {
        var samples = new NvidiaSmiSamples("node-1", World.Start);
        samples.Add(NvidiaSmiReader.Read("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that it is running.\n"));

        Assert.Equal(["nvsmi:driver_unreachable node-1"], samples.Events.Select(found => $"{found.Code} {found.Labels["node"]}"));
    }

    [Theory]
    [InlineData("Unable to determine the device handle for GPU 0000:C1:00.0: GPU is lost.", "0000:c1:00.0")]
    [InlineData("Unable to determine the device handle for GPU0000:18:00.0: Unknown Error", "0000:18:00.0")]
    [InlineData("Unable to determine the device handle for GPU3: 0000:65:00.0: Unknown Error", "0000:65:00.0")]
    public void Complaint_AboutAGpu_NamesItsAddress(string line, string pci)
    {
        var samples = new NvidiaSmiSamples("node-1", World.Start);
        samples.Add(NvidiaSmiReader.Read(line + "\n"));

        Assert.Equal([("nvsmi:gpu_lost", pci)], samples.Events.Select(found => (found.Code, found.Labels["pci_bus_id"])));
    }

    [Theory]
    [InlineData("None", 0.0)]
    [InlineData("GPU Reset Required", 1.0)]
    [InlineData("Node Reboot Required", 2.0)]
    [InlineData("Drain P2P", 3.0)]
    [InlineData("[Drain and Reset]", 4.0)]
    [InlineData("[N/A]", null)]
    public void RecoveryAction_InWords_IsNvmlsNumber(string words, double? number)
    {
        var gpu = new NvidiaSmiGpu(0);
        gpu.Fields["gpu_recovery_action"] = words;

        Assert.Equal(number, NvidiaSmiStates.RecoveryAction(gpu));
    }

    [Property(MaxTest = 300)]
    public Property DamagedCapture_NeverThrowsAndGivesNoMoreGpus()
    {
        var captures = Path.Combine(Testing.SharedData.RepositoryRoot(), "tests", "Observability.Collectors.Tests", "Nvidia", "captures");
        var whole = Directory.GetFiles(captures, "smi-*.*").Where(file => !file.EndsWith(".expected.txt", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        return Prop.ForAll(Gen.Elements(whole).ArbMapDamage(), damaged =>
        {
            var reading = NvidiaSmiReader.Read(damaged);
            var samples = new NvidiaSmiSamples("n", World.Start);
            samples.Add(reading);
            Assert.True(reading.Gpus.Count <= 8, $"{reading.Gpus.Count} GPUs");
            Assert.All(samples.Samples, sample => Assert.StartsWith("DCGM_", sample.Labels.MetricName, StringComparison.Ordinal));
        });
    }

    [Property(MaxTest = 300)]
    public Property DamagedReport_NeverThrows()
    {
        var captures = Path.Combine(Testing.SharedData.RepositoryRoot(), "tests", "Observability.Collectors.Tests", "Nvidia", "captures");
        var whole = Directory.GetFiles(captures, "dcgmi-*.*").Where(file => !file.EndsWith(".expected.txt", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        return Prop.ForAll(Gen.Elements(whole).ArbMapDamage(), damaged =>
        {
            var reading = DcgmiReader.Read(damaged);
            var samples = new DcgmiSamples("n", World.Start);
            samples.Add(reading);
            Assert.True(reading.Findings.Count + reading.LinkErrors.Count <= 64, damaged);
            Assert.All(samples.Events, found => Assert.Contains(found.Code, DcgmErrors.Codes));
        });
    }

    [Fact]
    public void Xml_OfALoop_GivesTheFirstDocumentAndSaysSo()
    {
        const string Document = "<?xml version=\"1.0\"?>\n<nvidia_smi_log><driver_version>1</driver_version><gpu id=\"00000000:01:00.0\"><uuid>GPU-a</uuid></gpu></nvidia_smi_log>\n";

        var reading = NvidiaSmiReader.Read("first words\n" + Document + Document);

        Assert.Equal(("GPU-a", "1", "00000000:01:00.0"), (reading.Gpus[0].Uuid, reading.Gpus[0]["driver_version"], reading.Gpus[0]["pci.bus_id"]));
        Assert.Equal(["behind line 3: a further document; only the first of a file is read"], reading.Refused);
        Assert.Single(reading.Gpus);
    }
}
