using System.Text;
using Spectre.Console;

namespace Koalarization.Koala.Reporting;

/// <summary>Chooses the reporter of a command.</summary>
internal static class Reporters
{
    public static IReporter Create(bool json, TimeProvider time) =>
        !json && !Console.IsErrorRedirected && !Console.IsOutputRedirected
            ? new TerminalReporter(Console.Out, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), time)
            : new LineReporter(json ? Utf8Output() : Console.Out, Console.Error, json, time);

    // JSON is UTF-8 whatever the locale says.
    private static StreamWriter Utf8Output() => new(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
}
