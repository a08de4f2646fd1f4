using System.CommandLine;

namespace Koalarization.Koala.Commands;

/// <summary>Distinguishes values that the user gave from defaults.</summary>
internal static class ParseResultExtensions
{
    /// <summary>Whether the user gave an option.</summary>
    public static bool IsGiven(this ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>The value that the user gave; null when the option was not given.</summary>
    public static string? GivenValue(this ParseResult arguments, Option<string> option) => arguments.IsGiven(option) ? arguments.GetValue(option) : null;

    /// <summary>The value that the user gave; null when the option was not given.</summary>
    public static T? GivenValue<T>(this ParseResult arguments, Option<T> option)
        where T : struct => arguments.IsGiven(option) ? arguments.GetValue(option) : null;
}
