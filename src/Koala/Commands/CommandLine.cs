using System.CommandLine;
using System.CommandLine.Parsing;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Commands;

/// <summary>Parses the command line and runs its command.</summary>
internal static class CommandLine
{
    // An argument that begins with @ is a name, not a file of further arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command and ends the process: there is one way out, whatever the command has loaded.</summary>
    public static async Task RunAsync(RootCommand program, string[] arguments)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, thrown) => ProcessEnd.AtOnce(Report((Exception)thrown.ExceptionObject, arguments));
        int exitCode;
        try
        {
            exitCode = await InvokeAsync(program, arguments);
        }
        catch (Exception exception)
        {
            exitCode = Report(exception, arguments);
        }

        ProcessEnd.With(exitCode);
    }

    private static async Task<int> InvokeAsync(RootCommand program, string[] arguments)
    {
        string[] words = arguments switch
        {
            [] => ["--help"],
            ["help", .. string[] about] => [.. about, "--help"],
            _ => arguments,
        };
        ParseResult result = program.Parse(words, Parsing);
        bool isHelp = result.Action is HelpCommandLineAction;
        if ((!isHelp || WordErrors.NamesUnknownCommand(result)) && WordErrors.Of(result, words) is string wrong)
        {
            ReportUsageError(new CommandFailed(wrong), $"See 'koala {PathOf(result.CommandResult)}--help'.", arguments);
            return ExitCode.UsageError;
        }

        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Commands handle signals themselves.
            Output = StandardStreams.Output,
            Error = Console.Error,
        };
        return await result.InvokeAsync(configuration);
    }

    private static int Report(Exception exception, string[] arguments)
    {
        (string sentence, int exitCode) = Failure.Explain(exception, CancellationToken.None);
        if (exitCode != ExitCode.ClosedPipe)
        {
            Console.Error.WriteLine(ShownText.Of(new CommandFailed(arguments.Contains(CommonOptions.Debug.Name) ? exception.ToString() : sentence).Sentence));
        }

        return exitCode;
    }

    private static void ReportUsageError(CommandFailed why, string hint, string[] arguments)
    {
        if (arguments.Contains(CommonOptions.Json.Name))
        {
            StandardStreams.Output.WriteLine(ShownText.OfJson(ReportJson.Line(why)));
        }
        else
        {
            Console.Error.WriteLine(ShownText.Of(why.Sentence));
            Console.Error.WriteLine(hint);
        }
    }

    private static string PathOf(CommandResult command) => command.Command is RootCommand ? "" : command.Command.Name + " ";
}
