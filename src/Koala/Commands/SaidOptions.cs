using System.CommandLine;

namespace Koalarization.Koala.Commands;

/// <summary>Tells what the user said from what holds when nothing is said.</summary>
internal static class SaidOptions
{
    /// <summary>Whether the user gave an option.</summary>
    public static bool IsSaid(this ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>What the user gave; null: nothing.</summary>
    public static string? Said(this ParseResult arguments, Option<string> option) => arguments.IsSaid(option) ? arguments.GetValue(option) : null;
}
