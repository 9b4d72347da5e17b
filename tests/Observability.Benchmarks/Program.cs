using System.CommandLine;
using System.Diagnostics;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Observability.Benchmarks;

// micro: parts of the platform, in this process, on one core. platform and alerts: whole processes beside Debian's
// prometheus and prometheus-alertmanager on the same input at the same time. simulate: the fleet they read, as its own process.
var nodes = new Option<int>("--nodes") { Description = "nodes of the simulated fleet", DefaultValueFactory = _ => 64 };
var minutes = new Option<double>("--minutes") { Description = "minutes measured, after one minute of warm-up", DefaultValueFactory = _ => 5 };
var count = new Option<int>("--count") { Description = "alerts sent", DefaultValueFactory = _ => 20_000 };

var micro = new Command("micro", "scrape cost per sample; alerts per second through the pipeline") { TreatUnmatchedTokensAsErrors = false };
micro.SetAction(parsed =>
{
    if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        Process.GetCurrentProcess().ProcessorAffinity = 1;
    var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "observability-benchmarks"));
    string[] filter = [.. parsed.UnmatchedTokens];
    BenchmarkSwitcher.FromAssembly(typeof(ScrapeBenchmarks).Assembly).Run(filter.Length > 0 ? filter : ["--filter", "*"], config);
});
var platform = new Command("platform", "CPU and memory of `serve` alone, beside Prometheus scraping the same targets") { nodes, minutes };
platform.SetAction((parsed, cancellationToken) => PlatformBenchmark.RunAsync(parsed.GetValue(nodes), TimeSpan.FromMinutes(parsed.GetValue(minutes)), cancellationToken));
var alerts = new Command("alerts", "alerts through /api/v2/alerts of `serve`, beside Alertmanager") { count };
alerts.SetAction((parsed, cancellationToken) => AlertsBenchmark.RunAsync(parsed.GetValue(count), cancellationToken));
var simulate = new Command("simulate", "serve a simulated fleet until the process is ended") { nodes };
simulate.SetAction((parsed, cancellationToken) => SimulatedFleet.ServeAsync(parsed.GetValue(nodes), cancellationToken));
var fleet = new Command("fleet", "CPU of the simulated fleet itself while every exporter is scraped every ten seconds") { nodes, minutes };
fleet.SetAction((parsed, cancellationToken) => FleetBenchmark.RunAsync(parsed.GetValue(nodes), TimeSpan.FromMinutes(parsed.GetValue(minutes)), cancellationToken));
var codecs = new Command("codecs", "bytes and nanoseconds per sample of each codec of chunks");
codecs.SetAction(_ => CodecComparison.Run(System.Console.Out));

var folder = new Option<string>("--folder") { Description = "captures to read", DefaultValueFactory = _ => "../shared/data/samples" };
var captures = new Command("captures", "MB/s of the largest captured files, on one core") { folder };
captures.SetAction(parsed => CaptureThroughput.Run(parsed.GetValue(folder)!, 10));
var follow = new Command("follow", "lines/s of a followed kernel log, on one core");
follow.SetAction((_, cancellationToken) => FollowThroughput.RunAsync(cancellationToken));

var seconds = new Option<double>("--seconds") { Description = "how long each reader is fed", DefaultValueFactory = _ => 600 };
var seed = new Option<int>("--seed") { Description = "seed of the damage", DefaultValueFactory = _ => 1 };
var kind = new Option<string>("--kind") { Description = "one reader only, by the name that replay prints", DefaultValueFactory = _ => "" };
var keep = new Option<string>("--keep") { Description = "where inputs that break a reader are kept", DefaultValueFactory = _ => "tests/Observability.Collectors.Tests/FuzzSeeds" };
var fuzz = new Command("fuzz", "damaged captures into every reader of captures; 1 where one throws, hangs or swells") { folder, seconds, seed, kind, keep };
fuzz.SetAction(parsed => ReaderFuzz.Run(parsed.GetValue(folder)!, parsed.GetValue(seconds), parsed.GetValue(seed), (parsed.GetValue(kind)!, parsed.GetValue(keep)!)));

var targets = new Option<int>("--targets") { Description = "exporters that the agent scrapes", DefaultValueFactory = _ => 250 };
var series = new Option<int>("--series") { Description = "series of each", DefaultValueFactory = _ => 400 };
var away = new Option<double>("--minutes") { Description = "how long the platform is away", DefaultValueFactory = _ => 10 };
var outage = new Command("outage", "the platform is killed for a while under load: what an agent's buffer keeps of every series") { targets, series, away };
outage.SetAction((parsed, cancellationToken) => OutageBenchmark.RunAsync(parsed.GetValue(targets), parsed.GetValue(series), TimeSpan.FromMinutes(parsed.GetValue(away)), cancellationToken));

var size = new Option<int>("--nodes") { Description = "nodes of the fleet, 2,000 or more", DefaultValueFactory = _ => 100_000 };
var state = new Command("state", "memory for topology and state of a large fleet; time to a verdict on an incident of 10,000 alerts") { size };
state.SetAction((parsed, _) => FleetState.RunAsync(parsed.GetValue(size)));

var root = new RootCommand("benchmarks") { codecs, state, micro, platform, alerts, simulate, fleet, captures, follow, fuzz, outage };
foreach (var command in CompareCommand.All())
    root.Add(command);
return await root.Parse(args).InvokeAsync();
