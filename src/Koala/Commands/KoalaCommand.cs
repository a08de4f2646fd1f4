using System.CommandLine;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;

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

    /// <summary>How long the command may take to end after an interrupt; then its process is ended.</summary>
    protected virtual TimeSpan ShutdownTimeout => TimeSpan.FromSeconds(10);

    /// <summary>Files that the command may have open at once, at least.</summary>
    protected virtual int OpenFilesNeeded => OpenFiles.ForAnyCommand;

    /// <summary>Whether signals are for another process, which ends this one.</summary>
    protected virtual bool IgnoresSignals => false;

    /// <summary>Whether what the command says is a log: lines with the time, on a terminal too.</summary>
    protected virtual bool WritesLog => false;

    protected TimeProvider Time => _time;

    /// <summary>Where the command's log goes in a form of its own; null: its output is that of every command.</summary>
    protected virtual IReporter? LogReporter(ParseResult arguments) => null;

    /// <summary>Does the work and returns the exit code.</summary>
    /// <exception cref="UserErrorException">The work cannot be done, for a reason that the user can fix.</exception>
    protected abstract Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation);

    private async Task<int> InvokeAsync(ParseResult arguments, CancellationToken none)
    {
        IReporter reporter = LogReporter(arguments) ?? NewReporter(arguments.GetValue(CommonOptions.Json), _time);
        CancellationToken cancellation = Stopping(reporter);
        try
        {
            OpenFiles.Require(OpenFilesNeeded, "koala " + Name);
            return await RunAsync(arguments, reporter, cancellation);
        }
        catch (Exception exception)
        {
            (string sentence, int code) = Failure.Explain(exception, cancellation);
            if (code != ExitCode.ClosedPipe)
            {
                ReportFailure(reporter, new CommandFailed(arguments.GetValue(CommonOptions.Debug) ? exception.ToString() : sentence));
            }

            return code;
        }
    }

    private CancellationToken Stopping(IReporter reporter)
    {
        if (IgnoresSignals)
        {
            StopSignals.Ignore();
            return CancellationToken.None;
        }

        return new StopSignals(ShutdownTimeout, _time, () => Report(reporter, new Stopping())).Token;
    }

    private static void Report(IReporter reporter, Stopping stopping)
    {
        try
        {
            reporter.Report(stopping);
        }
        catch (IOException)
        {
            // The command stops all the same.
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
            Console.Error.WriteLine(ShownText.Of(why.Sentence));
        }
    }

    private IReporter NewReporter(bool json, TimeProvider time) =>
        !json && !WritesLog && ProcessTerminal.IsThere
            ? new TerminalReporter(StandardStreams.Output, Console.Error, new ProcessTerminal(), time)
            : new LineReporter(StandardStreams.Output, Console.Error, json, time, WritesLog);
}
