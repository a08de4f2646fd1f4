using System.CommandLine;
using System.CommandLine.Parsing;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Commands;

/// <summary>Reads the program's words and runs the command that they name.</summary>
internal static class CommandLine
{
    // A word that begins with @ is a name like any other here, not a file of further words.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(RootCommand program, string[] words)
    {
        ParseResult result = program.Parse(words.Length == 0 ? ["--help"] : words, Parsing);
        if (result.Errors.Count > 0 && result.Action is not System.CommandLine.Help.HelpAction and not ExamplesHelp)
        {
            Refuse(new CommandFailed(Sentence(result)), $"See 'koala {PathOf(result.CommandResult)}--help'.", words);
            return ExitCode.WrongUse;
        }

        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = (result.CommandResult.Command as KoalaCommand)?.LeavesWithin ?? TimeSpan.FromSeconds(10),
        };
        return await result.InvokeAsync(configuration);
    }

    private static string Sentence(ParseResult result) =>
        result.CommandResult.Command is RootCommand && result.UnmatchedTokens.Count > 0
            ? $"there is no command '{result.UnmatchedTokens[0]}'."
            : MissingArgument(result) ?? Sentence(result.Errors[0]);

    // The parser's own sentence names a type of .NET here.
    private static string Sentence(ParseError error) =>
        error.SymbolResult is OptionResult { Tokens: [Token word, ..] } option && error.Message.Contains("as expected type", StringComparison.Ordinal)
            ? $"{option.Option.Name} needs a {(option.Option.ValueType == typeof(double) ? "number" : "whole number")} that is not too large, not '{word.Value}'."
            : error.Message.ReplaceLineEndings(" ").Trim();

    private static string? MissingArgument(ParseResult result) =>
        result.CommandResult.Command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is null or { Tokens.Count: 0 })
            is Argument missing
            ? $"{result.CommandResult.Command.Name} needs {missing.Name}: {missing.Description}."
            : null;

    private static void Refuse(CommandFailed why, string hint, string[] words)
    {
        if (words.Contains(CommonOptions.Json.Name))
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
