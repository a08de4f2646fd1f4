using System.CommandLine;

namespace Koalarization.Koala.Commands;

/// <summary>Tells what the user said from what holds when nothing is said.</summary>
internal static class ParseResultExtensions
{
    /// <summary>Whether the user gave an option.</summary>
    public static bool IsGiven(this ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>What the user gave; null: nothing.</summary>
    public static string? GivenValue(this ParseResult arguments, Option<string> option) => arguments.IsGiven(option) ? arguments.GetValue(option) : null;
}
