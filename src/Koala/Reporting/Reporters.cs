using Spectre.Console;

namespace Koalarization.Koala.Reporting;

/// <summary>Chooses how a command speaks.</summary>
internal static class Reporters
{
    public static IReporter Create(bool json, TimeProvider time) =>
        !json && !Console.IsErrorRedirected && !Console.IsOutputRedirected
            ? new TerminalReporter(Console.Out, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), time)
            : new LineReporter(Console.Out, Console.Error, json, time);
}
