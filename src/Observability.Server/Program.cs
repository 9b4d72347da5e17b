using System.CommandLine;
using Observability.Server;

var root = new RootCommand("SRE observability and AIOps for GPU training clusters")
{
    DemoCommand.Build(),
    ServeCommand.Build(),
    CheckCommand.Build(),
    TestCommand.Build(),
    ReplayCommand.Build(),
    SloCommand.Build(),
    RunbookCommand.Build(),
    EvalCommand.Build(),
    VersionCommand.Build(),
};
return await root.Parse(args).InvokeAsync();
