using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Node;

/// <summary>The form of a node's log.</summary>
internal sealed class LogOptions
{
    private const string Json = "json";

    private readonly Option<string?> _form = new Option<string?>("--log")
    {
        Description = "Form of the log: text (default), or .NET's own JSON lines, on standard output, as collectors of logs know them",
    }.OneOf("text", Json);

    public void AddTo(Command command) => command.Add(_form);

    /// <summary>What writes the log in .NET's own JSON lines; null: it has another form.</summary>
    public IReporter? Reporter(ParseResult arguments, TimeProvider time) =>
        arguments.GetValue(_form) == Json
            ? new LineReporter(StandardStreams.Output, StandardStreams.Output, json: false, time) { Form = new JsonLogForm().Line }
            : null;

    /// <exception cref="UserErrorException">Two forms are asked for.</exception>
    public void RefuseTwoForms(ParseResult arguments)
    {
        if (arguments.GetValue(_form) is not null && arguments.GetValue(CommonOptions.Json))
        {
            throw new UserErrorException("--log and --json are two forms of the log; omit one.", ExitCode.UsageError);
        }
    }
}
