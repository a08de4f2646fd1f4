using System.CommandLine;
using System.CommandLine.Parsing;
using Koalarization.Harvest.Proxies;
using Koalarization.Koala.Download;

namespace Koalarization.Koala.Commands;

/// <summary>Distinguishes values that the user gave from defaults.</summary>
internal static class ParseResultExtensions
{
    /// <summary>Whether the user gave an option.</summary>
    public static bool IsGiven(this ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>The options that the user gave, with their values: <c>--batch-size 4</c>.</summary>
    public static IReadOnlyList<string> GivenOptions(this ParseResult arguments) =>
        [.. arguments.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit)
            .Select(option => string.Join(' ', option.Tokens.Select(token => Shown(option.Option, token.Value)).Prepend(option.Option.Name)))];

    // A proxy's credentials are not shown.
    private static string Shown(Option option, string value) => option.Name == FetchLimits.ProxyName ? ProxyAddress.TryParse(value, out _)?.ToString() ?? "" : value;

    /// <summary>The value that the user gave; null when the option was not given.</summary>
    public static string? GivenValue(this ParseResult arguments, Option<string> option) => arguments.IsGiven(option) ? arguments.GetValue(option) : null;

    /// <summary>The value that the user gave; null when the option was not given.</summary>
    public static T? GivenValue<T>(this ParseResult arguments, Option<T> option)
        where T : struct => arguments.IsGiven(option) ? arguments.GetValue(option) : null;
}
