using System.Globalization;

namespace Observability.Server;

/// <summary>What the parts of the platform are worth: the same cases answered without each of them.</summary>
internal static class Ablation
{
    private const int FiguresShown = 12;

    /// <summary>A row for each part, with the first figures of the score.</summary>
    /// <param name="set">The set.</param>
    /// <param name="content">Folder with rules and runbooks.</param>
    /// <param name="path">The cases.</param>
    /// <param name="whole">What it came to with all parts.</param>
    public static EvalTable Of(IPlatformSet set, string content, string path, EvalScore whole)
    {
        var rows = new List<IReadOnlyList<string>> { Row("nothing", whole) };
        foreach (var part in Enum.GetValues<PlatformParts>().Where(part => part != PlatformParts.None))
        {
            // A set that the platform answers is scored by the platform that answered.
            var without = (ILabelledSet)set.On(content, part);
            rows.Add(Row(OptionValue.SnakeCase(part.ToString()), without.Score(path, [.. without.Answer(path, _ => { })])));
        }

        return new EvalTable("Without parts of the platform", ["without", .. whole.Figures.Take(FiguresShown).Select(figure => figure.Name)], rows);
    }

    private static IReadOnlyList<string> Row(string name, EvalScore score) =>
        [name, .. score.Figures.Take(FiguresShown).Select(figure => figure.Value.ToString("0.###", CultureInfo.InvariantCulture))];
}
