using System.CommandLine;
using System.CommandLine.Parsing;

namespace Koalarization.Koala.Commands;

/// <summary>Values of a closed list. The parser's own sentence for others names no option.</summary>
internal static class Choices
{
    /// <summary>Makes an option accept some values only.</summary>
    public static Option<string?> OneOf(this Option<string?> option, params string[] values)
    {
        option.HelpName ??= string.Join('|', values);
        option.CompletionSources.Add(values);
        option.Validators.Add(result => Check(result, option.Name, values));
        return option;
    }

    /// <summary>Makes an argument accept some values only.</summary>
    public static Argument<string> OneOf(this Argument<string> argument, params string[] values)
    {
        argument.CompletionSources.Add(values);
        argument.Validators.Add(result => Check(result, argument.Name, values));
        return argument;
    }

    /// <summary>The sentence for a value that is none of an option's: with the one that was meant.</summary>
    public static string Refusal(string name, IReadOnlyCollection<string> values, string text) =>
        $"{name} must be one of {string.Join(", ", values)}, not '{text}'{NearestWord.Question(text, values)}";

    private static void Check(SymbolResult result, string name, string[] values)
    {
        if (result.Tokens is [{ Value: string text }, ..] && !values.Contains(text, StringComparer.Ordinal))
        {
            result.AddError(Refusal(name, values, text));
        }
    }
}
