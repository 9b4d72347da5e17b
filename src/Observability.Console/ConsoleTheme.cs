using MudBlazor;

namespace Observability.Console;

/// <summary>Colours and type of the console, dark and light.</summary>
internal static class ConsoleTheme
{
    public static MudTheme Theme { get; } = new()
    {
        PaletteDark = new PaletteDark
        {
            Background = "#0f1419",
            Surface = "#171d24",
            AppbarBackground = "#171d24",
            Primary = "#6cb6ff",
            TextPrimary = "#e6edf3",
            TextSecondary = "#9aa7b4",
        },
        PaletteLight = new PaletteLight
        {
            Background = "#f6f8fa",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1f2328",
            Primary = "#0b5cad",
            TextPrimary = "#1f2328",
            TextSecondary = "#57606a",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = ["system-ui", "Segoe UI", "Helvetica", "Arial", "sans-serif"] },
        },
    };
}
