using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doors;

/// <summary>A command that speaks to a cluster's control node.</summary>
internal abstract class ControlCommand : KoalaCommand
{
    private const string Variable = "KOALA_CONTROL";
    private const string Usual = "http://127.0.0.1:8660";

    private readonly Option<string> _control = new("--control")
    {
        Description = "Control nodes, separated by commas: the first that answers is asked (default: KOALA_CONTROL, or " + Usual + ")",
        HelpName = "URL",
    };

    protected ControlCommand(string name, string description, TimeProvider time)
        : base(name, description, time) => Add(_control);

    protected sealed override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string said = arguments.GetValue(_control) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } fromOutside ? fromOutside : Usual);
        using var control = new ControlClient(Controls(said));
        return await RunAsync(arguments, control, reporter, cancellation);
    }

    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult arguments, ControlClient control, IReporter reporter, CancellationToken cancellation);

    private static Uri[] Controls(string said)
    {
        string[] words = said.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length > 0
            ? [.. words.Select(Control)]
            : throw new UserErrorException($"'{said}' names no control node; give one such as {Usual}.", ExitCode.WrongUse);
    }

    private static Uri Control(string word) =>
        Uri.TryCreate(word.Contains("://", StringComparison.Ordinal) ? word : "http://" + word, UriKind.Absolute, out Uri? control)
            && control.Scheme is "http" or "https" && control.Host.Length > 0
            ? new Uri(control.GetLeftPart(UriPartial.Authority))
            : throw new UserErrorException($"'{word}' is no control node's URL; give one such as {Usual}.", ExitCode.WrongUse);
}
