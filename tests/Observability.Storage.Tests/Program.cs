using Observability.Storage.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The tests' entry point, as the runner would generate it, with one more way in: the process that a test kills.
if (args is [AppendLoop.Argument, var path])
    return await AppendLoop.RunAsync(path);
return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
