using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Observability.Console;

/// <summary>What the console needs from its host, beside <see cref="IPlatformFeed"/>, <see cref="ICommandDoor"/> and a clock.</summary>
public static class ConsoleServices
{
    /// <summary>Registers the components' services.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddMudServices();
        services.AddScoped<OperatorSession>();
        return services;
    }
}
