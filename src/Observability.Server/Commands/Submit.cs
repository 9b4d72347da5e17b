using Mediator;
using Observability.Model;

namespace Observability.Server;

/// <summary>A command at a front door. Console, REST and chat all send this one request.</summary>
public sealed record Submit(Command Command) : IRequest<CommandOutcome>;
