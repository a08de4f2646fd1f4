using System.CommandLine;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Commands;

/// <summary>One command of the program: its words, an example of each use, and its work.</summary>
internal abstract class KoalaCommand : Command
{
    private readonly TimeProvider _time;

    protected KoalaCommand(string name, string description, TimeProvider time)
        : base(name, description)
    {
        _time = time;
        SetAction(InvokeAsync);
    }

    /// <summary>Lines that work as they stand, shown at the end of the command's help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>How long it may take after it was interrupted; then its process is ended.</summary>
    public virtual TimeSpan LeavesWithin => TimeSpan.FromSeconds(10);

    protected TimeProvider Time => _time;

    /// <summary>Does the work and returns the exit code.</summary>
    /// <exception cref="UserErrorException">The work cannot be done, for a reason that the user can mend.</exception>
    protected abstract Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation);

    private async Task<int> InvokeAsync(ParseResult arguments, CancellationToken cancellation)
    {
        // Signals are listened to only when this method has returned once: a command that never waits could not be interrupted in order.
        await Task.Yield();
        IReporter reporter = Reporters.Create(arguments.GetValue(CommonOptions.Json), _time);
        try
        {
            return await RunAsync(arguments, reporter, cancellation);
        }
        catch (Exception exception)
        {
            (string sentence, int code) = Failure.Explain(exception, cancellation);
            Say(reporter, new CommandFailed(arguments.GetValue(CommonOptions.Debug) ? exception.ToString() : sentence));
            return code;
        }
    }

    private static void Say(IReporter reporter, CommandFailed why)
    {
        try
        {
            reporter.Report(why);
        }
        catch (IOException)
        {
            // With --json it goes to standard output, which may be what failed.
            Console.Error.WriteLine(why.Sentence);
        }
    }
}
