using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Observability.Server;

/// <summary>Writes options back as the file would say them, defaults included and secrets left out.</summary>
internal static class OptionsWriter
{
    private const string Hidden = "<secret>";

    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The YAML of all sections.</summary>
    public static string Write(ObservabilityOptions options)
    {
        var text = new StringBuilder();
        WriteSection(text, options, 0);
        return text.ToString();
    }

    /// <summary>A text of the configuration without the user and password that a URL may hold.</summary>
    public static string WithoutPassword(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length > 0 ? text.Replace(url.UserInfo + "@", Hidden + "@", StringComparison.Ordinal) : text;

    private static void WriteSection(StringBuilder text, object section, int level)
    {
        foreach (var property in section.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            text.Append(' ', 2 * level).Append(OptionValue.SnakeCase(property.Name)).Append(':');
            var isSecret = property.IsDefined(typeof(SecretAttribute));
            switch (property.GetValue(section))
            {
                case IList { Count: 0 }:
                    text.Append(" []\n");
                    break;
                case IList list:
                    WriteList(text.Append('\n'), list, level + 1, isSecret);
                    break;
                case { } value when IsSection(value):
                    WriteSection(text.Append('\n'), value, level + 1);
                    break;
                case var value:
                    text.Append(' ').Append(Show(value, isSecret)).Append('\n');
                    break;
            }
        }
    }

    private static void WriteList(StringBuilder text, IList list, int level, bool isSecret)
    {
        foreach (var item in list)
        {
            text.Append(' ', 2 * level).Append("- ");
            if (!IsSection(item!))
            {
                text.Append(Show(item, isSecret)).Append('\n');
                continue;
            }

            // The first key stands behind the dash, the others below it.
            var section = new StringBuilder();
            WriteSection(section, item!, level + 1);
            text.Append(section.ToString().AsSpan().TrimStart());
        }
    }

    private static bool IsSection(object value) => value.GetType() is { IsClass: true } type && type != typeof(string);

    private static string Show(object? value, bool isSecret) => value switch
    {
        string { Length: > 0 } when isSecret => Quote(Hidden),
        string text => Quote(WithoutPassword(text)),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => OptionValue.Show(value),
    };

    private static string Quote(string text) => JsonSerializer.Serialize(text, Quoting);
}
