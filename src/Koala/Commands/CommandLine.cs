using System.CommandLine;
using System.CommandLine.Parsing;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Commands;

/// <summary>Parses the command line and runs its command.</summary>
internal static class CommandLine
{
    // An argument that begins with @ is a name, not a file of further arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(RootCommand program, string[] arguments)
    {
        ParseResult result = program.Parse(arguments.Length == 0 ? ["--help"] : arguments, Parsing);
        if (result.Errors.Count > 0 && result.Action is not System.CommandLine.Help.HelpAction and not ExamplesHelp)
        {
            ReportUsageError(new CommandFailed(Sentence(result)), $"See 'koala {PathOf(result.CommandResult)}--help'.", arguments);
            return ExitCode.UsageError;
        }

        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = (result.CommandResult.Command as KoalaCommand)?.ShutdownTimeout ?? TimeSpan.FromSeconds(10),
        };
        return await result.InvokeAsync(configuration);
    }

    private static string Sentence(ParseResult result) =>
        result.CommandResult.Command is RootCommand && result.UnmatchedTokens.Count > 0
            ? $"unknown command '{result.UnmatchedTokens[0]}'."
            : MissingArgument(result) ?? Sentence(result.Errors[0]);

    // The parser's own sentence would name a .NET type.
    private static string Sentence(ParseError error) =>
        error.SymbolResult is OptionResult { Tokens: [Token token, ..] } option && error.Message.Contains("as expected type", StringComparison.Ordinal)
            ? $"{option.Option.Name} must be a {(option.Option.ValueType == typeof(double) ? "number" : "whole number in range")}, not '{token.Value}'."
            : error.Message.ReplaceLineEndings(" ").Trim();

    private static string? MissingArgument(ParseResult result) =>
        result.CommandResult.Command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is null or { Tokens.Count: 0 })
            is Argument missing
            ? $"{result.CommandResult.Command.Name} requires {missing.Name}: {missing.Description}."
            : null;

    private static void ReportUsageError(CommandFailed why, string hint, string[] arguments)
    {
        if (arguments.Contains(CommonOptions.Json.Name))
        {
            Console.Out.WriteLine(ReportJson.Line(why));
        }
        else
        {
            Console.Error.WriteLine(why.Sentence);
            Console.Error.WriteLine(hint);
        }
    }

    private static string PathOf(CommandResult command) => command.Command is RootCommand ? "" : command.Command.Name + " ";
}
