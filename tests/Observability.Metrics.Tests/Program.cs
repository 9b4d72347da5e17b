using Observability.Metrics.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The tests' entry point, as the runner would generate it, with one more way in: the process that a test kills.
if (args is [IngestLoop.Argument, var path])
    return await IngestLoop.RunAsync(path);
return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
