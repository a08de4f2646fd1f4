using System.CommandLine;
using System.Text;
using Koalarization.Koala.Reporting;
using Spectre.Console;

namespace Koalarization.Koala.Commands;

/// <summary>One command of the program: its options, its examples, and its work.</summary>
internal abstract class KoalaCommand : Command
{
    private readonly TimeProvider _time;

    protected KoalaCommand(string name, string description, TimeProvider time)
        : base(name, description)
    {
        _time = time;
        SetAction(InvokeAsync);
    }

    /// <summary>Command lines that work unchanged, shown at the end of the command's help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>How long the command may take to end after an interrupt; then its process is terminated.</summary>
    public virtual TimeSpan ShutdownTimeout => TimeSpan.FromSeconds(10);

    protected TimeProvider Time => _time;

    /// <summary>Does the work and returns the exit code.</summary>
    /// <exception cref="UserErrorException">The work cannot be done, for a reason that the user can fix.</exception>
    protected abstract Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation);

    private async Task<int> InvokeAsync(ParseResult arguments, CancellationToken cancellation)
    {
        // Signal handlers are installed when this method first returns: without the yield a command that never awaits could not be interrupted.
        await Task.Yield();
        IReporter reporter = NewReporter(arguments.GetValue(CommonOptions.Json), _time);
        try
        {
            return await RunAsync(arguments, reporter, cancellation);
        }
        catch (Exception exception)
        {
            (string sentence, int code) = Failure.Explain(exception, cancellation);
            ReportFailure(reporter, new CommandFailed(arguments.GetValue(CommonOptions.Debug) ? exception.ToString() : sentence));
            return code;
        }
    }

    private static void ReportFailure(IReporter reporter, CommandFailed why)
    {
        try
        {
            reporter.Report(why);
        }
        catch (IOException)
        {
            // With --json the failure goes to standard output, which may be what failed.
            Console.Error.WriteLine(why.Sentence);
        }
    }

    private static IReporter NewReporter(bool json, TimeProvider time) =>
        !json && !Console.IsErrorRedirected && !Console.IsOutputRedirected
            ? new TerminalReporter(Console.Out, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), time)
            : new LineReporter(json ? Utf8Output() : Console.Out, Console.Error, json, time);

    // JSON is UTF-8 whatever the locale says.
    private static StreamWriter Utf8Output() => new(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
}
