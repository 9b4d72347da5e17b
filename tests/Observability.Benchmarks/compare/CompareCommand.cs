using System.CommandLine;

namespace Observability.Benchmarks;

/// <summary>The comparisons with Debian's <c>prometheus</c> and <c>victoria-metrics</c>, one command each.</summary>
internal static class CompareCommand
{
    public static IEnumerable<Command> All()
    {
        var sizes = new Option<int[]>("--series") { Description = "numbers of series", DefaultValueFactory = _ => [100_000], AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<double>("--interval") { Description = "seconds between two scrapes", DefaultValueFactory = _ => 5 };
        var rounds = new Option<int>("--rounds") { Description = "scrapes that are measured", DefaultValueFactory = _ => 12 };
        var warmUp = new Option<int>("--warm-up") { Description = "scrapes before those", DefaultValueFactory = _ => 12 };
        var repeats = new Option<int>("--repeats") { Description = "times each query is asked", DefaultValueFactory = _ => 40 };
        var megabytes = new Option<int>("--megabytes") { Description = "size of the store", DefaultValueFactory = _ => 1_024 };
        var targets = new Option<int>("--targets") { Description = "exporters", DefaultValueFactory = _ => 100 };
        var perTarget = new Option<int>("--per-target") { Description = "series of each target", DefaultValueFactory = _ => 1_000 };
        var alone = new Option<bool>("--alone") { Description = "the platform only" };
        var each = new Option<int>("--series") { Description = "series of each", DefaultValueFactory = _ => 1_000 };

        var server = new Option<FileInfo>("--server") { Description = "assembly of the published platform", DefaultValueFactory = _ => new FileInfo(Contender.ServerAssembly), Recursive = true };
        server.AcceptExistingOnly();

        ScrapeComparison.Pace Pace(ParseResult parsed) => new(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(warmUp), parsed.GetValue(rounds));

        var exporters = new Command("exporters", "serve what is scraped until the process is ended") { targets, each };
        exporters.SetAction((parsed, cancellationToken) => ExporterFleet.ServeAsync(parsed.GetValue(targets), parsed.GetValue(each), cancellationToken));
        yield return exporters;

        var compare = new Command("compare", "the platform beside Debian's prometheus and victoria-metrics, CPU seconds from the kernel") { server };
        server.Validators.Add(found => Contender.ServerAssembly = found.GetValueOrDefault<FileInfo>().FullName);
        var scrape = new Command("scrape", "CPU per sample and resident memory at several numbers of series") { sizes, seconds, warmUp, rounds, perTarget, alone };
        scrape.SetAction((parsed, cancellationToken) => ScrapeComparison.RunAsync(parsed.GetValue(sizes)!, Pace(parsed) with { SeriesPerTarget = parsed.GetValue(perTarget) }, parsed.GetValue(alone), cancellationToken));
        compare.Add(scrape);
        var rules = new Command("rules", "what a group of 80 rules adds to the scrape") { sizes, seconds, warmUp, rounds };
        rules.SetAction((parsed, cancellationToken) => ScrapeComparison.RunRulesAsync(parsed.GetValue(sizes)![0], Pace(parsed), cancellationToken));
        compare.Add(rules);
        var storage = new Command("storage", "bytes per sample of the same data");
        storage.SetAction((_, cancellationToken) => StorageComparison.RunAsync(cancellationToken));
        compare.Add(storage);
        var queries = new Command("queries", "range queries over 4 h") { repeats };
        queries.SetAction((parsed, cancellationToken) => QueryComparison.RunAsync(parsed.GetValue(repeats), cancellationToken));
        compare.Add(queries);
        var unitTests = new Command("unit-tests", "`test rules` beside promtool");
        unitTests.SetAction((_, _) => UnitTestComparison.RunAsync());
        compare.Add(unitTests);
        var restart = new Command("restart", "seconds until `serve` answers on a large store") { megabytes };
        restart.SetAction((parsed, cancellationToken) => RestartBenchmark.RunAsync(parsed.GetValue(megabytes), cancellationToken));
        compare.Add(restart);
        yield return compare;
    }
}
