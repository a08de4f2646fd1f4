using System.CommandLine;
using System.Globalization;

namespace Koalarization.Koala.Commands;

/// <summary>How many links may fail before a person should look: <c>--max-failures 5%</c>, or a number of links.</summary>
/// <param name="Percent">The share of all links; null: a number is given.</param>
/// <param name="Links">The number.</param>
internal sealed record FailureLimit(double? Percent, long Links)
{
    private const string Name = "--max-failures";

    /// <summary>Any number.</summary>
    public static readonly FailureLimit None = new(100, 0);

    /// <summary>The option.</summary>
    public static Option<FailureLimit> NewOption() => new(Name)
    {
        Description = "Exit with 1 when more links fail: a share or a number (default: 100%)",
        HelpName = "PERCENT%|N",
        DefaultValueFactory = _ => None,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Parse(text) is FailureLimit limit)
            {
                return limit;
            }

            result.AddError($"{Name} must be a share from 0% to 100%, such as 5%, or a whole number of links, not '{text}'.");
            return None;
        },
    };

    /// <summary>The exit code of finished work on links: a person should look when too many failed, or all of them.</summary>
    /// <param name="failed">Links without a picture.</param>
    /// <param name="links">All links.</param>
    public int CodeOf(long failed, long links) => IsExceeded(failed, links) || (failed > 0 && failed == links) ? ExitCode.Incomplete : ExitCode.Done;

    private static FailureLimit? Parse(string text) =>
        text.EndsWith('%')
            ? double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent <= 100 ? new(percent, 0) : null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? new(Percent: null, number) : null;

    private bool IsExceeded(long failed, long links) => Percent is double percent ? failed * 100.0 > percent * links : failed > Links;
}
