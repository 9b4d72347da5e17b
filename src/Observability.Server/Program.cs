using System.CommandLine;
using Observability.Server;

var root = new RootCommand("SRE observability and AIOps for GPU training clusters")
{
    DemoCommand.Build(),
    ServeCommand.Build(),
    CheckCommand.Build(),
    TestCommand.Build(),
    ReplayCommand.Build(),
    SimulateCommand.Build(),
    SloCommand.Build(),
    NoiseCommand.Build(),
    RulesCommand.Build(),
    RunbookCommand.Build(),
    EvalCommand.Build(),
    ModelCommand.Build(),
    BackupCommand.BuildBackup(),
    BackupCommand.BuildRestore(),
    ImportCommand.Build(),
    VersionCommand.Build(),
};
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
// What cannot be parsed is unusable input, not a finding.
return parsed.Errors.Count > 0 ? 2 : code;
