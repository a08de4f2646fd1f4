using System.CommandLine;
using System.CommandLine.Parsing;
using Koalarization.Koala.Download;

namespace Koalarization.Koala.Commands;

/// <summary>
/// What is wrong with a command line, as one sentence: mistyped commands and options, with the one that was meant; options that the parser takes for names of
/// files; empty, missing and further values.
/// </summary>
internal static class WordErrors
{
    // No prefix, no proxy.
    private static readonly string[] MayBeEmpty = ["--image-name-prefix", FetchLimits.ProxyName];

    /// <summary>The first error; null: there is none.</summary>
    /// <param name="result">The parsed command line.</param>
    /// <param name="words">The words of the command line.</param>
    public static string? Of(ParseResult result, IReadOnlyList<string> words) =>
        UnknownCommand(result) ?? UnknownOption(result, words) ?? EmptyValue(result)
        ?? (result.Errors.Count == 0 ? null : MissingArgument(result) ?? MissingOption(result) ?? FurtherArgument(result) ?? Sentence(result.Errors[0]));

    /// <summary>Whether a command line names a command that does not exist.</summary>
    public static bool NamesUnknownCommand(ParseResult result) => UnknownCommand(result) is not null;

    private static string? UnknownCommand(ParseResult result) =>
        result.CommandResult.Command is RootCommand program && result.UnmatchedTokens is [string unknown, ..]
            ? unknown.StartsWith('-')
                ? $"unknown option '{unknown}'{NearestWord.Question(unknown, Options(result.CommandResult))}"
                : $"unknown command '{unknown}'{NearestWord.Question(unknown, program.Subcommands.Where(command => !command.Hidden).Select(command => command.Name))}"
            : null;

    private static string? UnknownOption(ParseResult result, IReadOnlyList<string> words)
    {
        string command = result.CommandResult.Command.Name;
        string[] options = [.. Options(result.CommandResult)];
        if (words.TakeWhile(word => word != "--").FirstOrDefault(word => IsLongWithOneHyphen(word, options)) is string longName)
        {
            return $"unknown option '{longName}'; did you mean -{longName}?";
        }

        HashSet<string> names = [.. result.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value)];
        IEnumerable<string> taken = result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Where(word => !names.Contains(word))
            .Concat(result.UnmatchedTokens);
        if (taken.FirstOrDefault(word => word.Length > 1 && word[0] == '-' && word != "--") is not string unknown)
        {
            return null;
        }

        string name = unknown.Split('=', 2)[0];
        string[] others = [.. Others(result.CommandResult).Where(other => other.Options.Any(option => option.Name == name || option.Aliases.Contains(name))).Select(other => other.Name)];
        return NearestWord.To(name, options) is string meant ? $"unknown option '{name}'; did you mean {meant}?"
            : others.Length > 0 ? $"unknown option '{name}': it is an option of {string.Join(", ", others)}, and not of {command}."
            : $"unknown option '{name}'; a file of this name is written ./{unknown}.";
    }

    private static bool IsLongWithOneHyphen(string word, string[] options) =>
        word.Length > 2 && word[0] == '-' && word[1] != '-' && options.Contains("-" + word.Split('=', 2)[0]);

    private static string? EmptyValue(ParseResult result) =>
        result.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(option => !MayBeEmpty.Contains(option.Option.Name) && option.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            is OptionResult empty
            ? $"{empty.Option.Name} is empty; give it a value, or omit it."
            : null;

    private static string? MissingArgument(ParseResult result) =>
        result.CommandResult.Command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is null or { Tokens.Count: 0 })
            is Argument missing
            ? $"{result.CommandResult.Command.Name} requires {missing.Name}: {missing.Description}."
            : null;

    private static string? MissingOption(ParseResult result) =>
        result.CommandResult.Command.Options.FirstOrDefault(option => option.Required && (result.GetResult(option) is null or { Tokens.Count: 0 })) is Option missing
            ? $"{result.CommandResult.Command.Name} requires {missing.Name}: {missing.Description}."
            : null;

    private static string? FurtherArgument(ParseResult result)
    {
        Command command = result.CommandResult.Command;
        return result.UnmatchedTokens is not [string further, ..] ? null
            : command.Arguments.Count == 0 ? $"{command.Name} takes options only, and '{further}' is none."
            : $"'{further}' is one name too many: {command.Name} takes {string.Join(" and ", command.Arguments.Select(argument => argument.Name))}.";
    }

    // The parser's own sentences name .NET types, and list values with tabs.
    private static string Sentence(ParseError error)
    {
        string own = error.Message.ReplaceLineEndings(" ").Trim();
        if (error.SymbolResult is not OptionResult { Option: Option option } result)
        {
            return own;
        }

        return result.Tokens.Count == 0 && !result.Implicit && option.Arity.MinimumNumberOfValues > 0 ? $"{option.Name} requires a value: {option.Description}."
            : result.Tokens.Count > option.Arity.MaximumNumberOfValues ? $"{option.Name} is given {result.Tokens.Count} times; give it once."
            : own.Contains("as expected type", StringComparison.Ordinal) ? $"{option.Name} must be true or false, or have no value, not '{result.Tokens[0].Value}'."
            : own;
    }

    private static IEnumerable<string> Options(CommandResult command) =>
        command.Command.Options.Concat((command.Parent as CommandResult)?.Command.Options ?? [])
            .Where(option => !option.Hidden)
            .Select(option => option.Name);

    private static IEnumerable<Command> Others(CommandResult command) =>
        (command.Parent as CommandResult)?.Command.Subcommands.Where(other => !other.Hidden && other != command.Command) ?? [];
}
