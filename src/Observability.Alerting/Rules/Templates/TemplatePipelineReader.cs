using System.Collections.Immutable;
using System.Globalization;

namespace Observability.Alerting;

/// <summary>Reads the pipeline of one action: <c>$x := query "up" | first</c>.</summary>
internal sealed class TemplatePipelineReader(List<TemplateToken> tokens, HashSet<string> variables, string text, int line)
{
    private int _at;

    private TemplateToken Now => tokens[_at];

    /// <exception cref="TemplateException">With line and cause.</exception>
    public TemplatePipeline ReadAll()
    {
        var pipeline = Read();
        return Now.Kind == TemplateTokenKind.End ? pipeline : throw Unexpected();
    }

    private TemplatePipeline Read()
    {
        var (names, isAssignment) = ReadDeclaration();
        var commands = ImmutableArray.CreateBuilder<TemplateCommand>();
        do
            commands.Add(ReadCommand());
        while (TryTake(TemplateTokenKind.Pipe));
        foreach (var name in names)
        {
            if (isAssignment && !variables.Contains(name))
                throw new TemplateException($"line {line}: undefined variable ${name}");
            variables.Add(name);
        }

        return new TemplatePipeline(names, isAssignment, commands.ToImmutable());
    }

    private (ImmutableArray<string> Names, bool IsAssignment) ReadDeclaration()
    {
        var length = 1;
        if (Now.Kind == TemplateTokenKind.Variable && Kind(1) == TemplateTokenKind.Comma && Kind(2) == TemplateTokenKind.Variable)
            length = 3;
        var isDeclaration = Kind(length) == TemplateTokenKind.Declare;
        if (Now.Kind != TemplateTokenKind.Variable || (!isDeclaration && Kind(length) != TemplateTokenKind.Assign))
            return ([], false);
        ImmutableArray<string> names = length == 1 ? [Now.Text] : [Now.Text, tokens[_at + 2].Text];
        _at += length + 1;
        return (names, !isDeclaration);
    }

    private TemplateTokenKind Kind(int offset) =>
        _at + offset < tokens.Count ? tokens[_at + offset].Kind : TemplateTokenKind.End;

    private TemplateCommand ReadCommand()
    {
        var operands = ImmutableArray.CreateBuilder<TemplateOperand>();
        while (Now.Kind is not (TemplateTokenKind.End or TemplateTokenKind.Pipe or TemplateTokenKind.Close))
            operands.Add(ReadOperand());
        if (operands.Count == 0)
            throw new TemplateException($"line {line}: missing value in {{{{{text.Trim()}}}}}");
        if (operands.Count > 1 && operands[0] is not FunctionOperand && operands[0].Fields.IsEmpty)
            throw new TemplateException($"line {line}: can't give argument to non-function in {{{{{text.Trim()}}}}}");
        return new TemplateCommand(line, operands.ToImmutable());
    }

    private TemplateOperand ReadOperand()
    {
        var token = tokens[_at++];
        TemplateOperand operand = token.Kind switch
        {
            TemplateTokenKind.Text => new LiteralOperand(token.Text),
            TemplateTokenKind.Number => new LiteralOperand(ReadNumber(token.Text)),
            TemplateTokenKind.Dot => new DotOperand(),
            TemplateTokenKind.Field => new DotOperand { Fields = [token.Text] },
            TemplateTokenKind.Variable => ReadVariable(token.Text),
            TemplateTokenKind.Word => ReadWord(token.Text),
            TemplateTokenKind.Open => ReadBrackets(),
            _ => throw Unexpected(token),
        };
        while (Now.Kind == TemplateTokenKind.Field && !Now.Spaced)
        {
            operand = operand with { Fields = operand.Fields.Add(Now.Text) };
            _at++;
        }

        return operand;
    }

    private VariableOperand ReadVariable(string name) => variables.Contains(name)
        ? new VariableOperand(name)
        : throw new TemplateException($"line {line}: undefined variable ${name}");

    private TemplateOperand ReadWord(string word) => word switch
    {
        "true" => new LiteralOperand(true),
        "false" => new LiteralOperand(false),
        "nil" => new LiteralOperand(null),
        _ when TemplateFunctions.IsKnown(word) => new FunctionOperand(word),
        _ => throw new TemplateException($"line {line}: function \"{word}\" not defined"),
    };

    private PipelineOperand ReadBrackets()
    {
        var pipeline = Read();
        return TryTake(TemplateTokenKind.Close)
            ? new PipelineOperand(pipeline)
            : throw new TemplateException($"line {line}: unclosed left parenthesis in {{{{{text.Trim()}}}}}");
    }

    private object ReadNumber(string number)
    {
        if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? real
            : throw new TemplateException($"line {line}: bad number \"{number}\"");
    }

    private bool TryTake(TemplateTokenKind kind)
    {
        if (Now.Kind != kind)
            return false;
        _at++;
        return true;
    }

    private TemplateException Unexpected(TemplateToken? token = null) =>
        new($"line {line}: unexpected \"{(token ?? Now).Text}\" in {{{{{text.Trim()}}}}}");
}
