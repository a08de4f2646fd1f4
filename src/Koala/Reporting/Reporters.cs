using Koalarization.Koala.Lifetime;
using Spectre.Console;

namespace Koalarization.Koala.Reporting;

/// <summary>Chooses the reporter of a command.</summary>
internal static class Reporters
{
    public static IReporter Create(bool json, TimeProvider time) =>
        !json && !Console.IsErrorRedirected && !Console.IsOutputRedirected
            ? new TerminalReporter(StandardStreams.Output, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), time)
            : new LineReporter(StandardStreams.Output, Console.Error, json, time);
}
