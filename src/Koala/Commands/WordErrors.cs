using System.CommandLine;
using System.CommandLine.Parsing;
using Koalarization.Koala.Download;

namespace Koalarization.Koala.Commands;

/// <summary>What is wrong with the words of a command line that the parser takes: options that it does not know and takes for names of files, and empty values.</summary>
internal static class WordErrors
{
    // No prefix, no proxy.
    private static readonly string[] MayBeEmpty = ["--image-name-prefix", FetchLimits.ProxyName];

    /// <summary>The first error, as a sentence; null: there is none.</summary>
    public static string? Of(ParseResult result) => UnknownOption(result) ?? EmptyValue(result);

    private static string? UnknownOption(ParseResult result)
    {
        HashSet<string> names = [.. result.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value)];
        IEnumerable<string> words = result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Where(word => !names.Contains(word))
            .Concat(result.UnmatchedTokens);
        if (words.FirstOrDefault(word => word.Length > 1 && word[0] == '-' && word != "--") is not string unknown)
        {
            return null;
        }

        string name = unknown.Split('=', 2)[0];
        string? meant = Options(result.CommandResult).MinBy(option => Distance(name, option));
        return meant is not null && Distance(name, meant) <= Math.Max(1, meant.Length / 4)
            ? $"unknown option '{name}'; did you mean {meant}?"
            : $"unknown option '{name}'; a file of this name is written ./{unknown}.";
    }

    private static string? EmptyValue(ParseResult result) =>
        result.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(option => !MayBeEmpty.Contains(option.Option.Name) && option.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            is OptionResult empty
            ? $"{empty.Option.Name} is empty; give it a value, or omit it."
            : null;

    private static IEnumerable<string> Options(CommandResult command) =>
        command.Command.Options.Concat((command.Parent as CommandResult)?.Command.Options ?? [])
            .Where(option => !option.Hidden)
            .Select(option => option.Name);

    /// <summary>The edits between two words, exchanged neighbours counted as one (optimal string alignment).</summary>
    private static int Distance(string first, string second)
    {
        var edits = new int[first.Length + 1, second.Length + 1];
        for (int i = 0; i <= first.Length; i++)
        {
            for (int j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                int change = first[i - 1] == second[j - 1] ? 0 : 1;
                edits[i, j] = Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[first.Length, second.Length];
    }
}
