using System.CommandLine;
using System.CommandLine.Parsing;

namespace Koalarization.Koala.Commands;

/// <summary>Reads the program's words and runs the command that they name.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(RootCommand program, string[] words)
    {
        ParseResult result = program.Parse(words.Length == 0 ? ["--help"] : words);
        if (result.Errors.Count > 0 && result.Action is not System.CommandLine.Help.HelpAction and not ExamplesHelp)
        {
            await Console.Error.WriteLineAsync("koala: " + Sentence(result));
            await Console.Error.WriteLineAsync($"See 'koala {PathOf(result.CommandResult)}--help'.");
            return ExitCode.WrongUse;
        }

        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
        return await result.InvokeAsync(configuration);
    }

    private static string Sentence(ParseResult result) =>
        result.CommandResult.Command is RootCommand && result.UnmatchedTokens.Count > 0
            ? $"there is no command '{result.UnmatchedTokens[0]}'."
            : MissingArgument(result) ?? result.Errors[0].Message;

    private static string? MissingArgument(ParseResult result) =>
        result.CommandResult.Command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is null or { Tokens.Count: 0 })
            is Argument missing
            ? $"{result.CommandResult.Command.Name} needs {missing.Name}: {missing.Description}."
            : null;

    private static string PathOf(CommandResult command) => command.Command is RootCommand ? "" : command.Command.Name + " ";
}
