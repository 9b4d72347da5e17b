using Observability.Model;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>The file a node belongs to, and where its faults go.</summary>
/// <param name="File">Path.</param>
/// <param name="LineOffset">Lines before the YAML text, for front matter.</param>
/// <param name="Findings">Faults.</param>
internal sealed record YamlPlace(string File, int LineOffset, Findings Findings)
{
    public SourceLine At(YamlNode node) => new(File, (int)node.Start.Line + LineOffset);
}
