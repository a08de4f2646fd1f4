using System.CommandLine;
using System.Globalization;

namespace Koalarization.Koala.Commands;

/// <summary>
/// Options whose values are numbers, and how numbers are read: digits, with a point and an exponent where fractions are allowed. The parser's own reading
/// takes <c>2,5</c> for 25.
/// </summary>
internal static class NumberOptions
{
    /// <summary>Makes an option read whole numbers of a range.</summary>
    /// <typeparam name="T">int or long, or one of them that may be null.</typeparam>
    public static Option<T> Whole<T>(this Option<T> option, long minimum, long maximum = int.MaxValue)
    {
        option.CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 number))
            {
                result.AddError($"{option.Name} must be a whole number, not '{text}'.");
                return default;
            }

            if (number < minimum || number > maximum)
            {
                result.AddError(minimum == 0 && number < 0
                    ? $"{option.Name} must not be negative."
                    : $"{option.Name} must be {Range(number, minimum, maximum)}, not {text}.");
                return default;
            }

            return typeof(T) == typeof(int) || typeof(T) == typeof(int?) ? (T)(object)(int)number : (T)(object)(long)number;
        };
        return option;
    }

    /// <summary>Makes an option read numbers that may have a fraction.</summary>
    /// <typeparam name="T">double, or one that may be null.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="isAllowed">Whether a number is one of the option's.</param>
    /// <param name="rule">Which numbers are: <c>above 0 and below 1, such as 0.1</c>.</param>
    public static Option<T> Number<T>(this Option<T> option, Func<double, bool> isAllowed, string rule)
    {
        option.CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (TryParse(text, out double number) && isAllowed(number))
            {
                return (T)(object)number;
            }

            result.AddError($"{option.Name} must be {rule}, not '{text}'.");
            return default;
        };
        return option;
    }

    private static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);

    private static string Range(Int128 number, long minimum, long maximum) => (minimum, maximum) switch
    {
        (_, int.MaxValue or long.MaxValue) when number < minimum => $"at least {minimum}",
        (_, int.MaxValue or long.MaxValue) => $"at most {maximum}",
        _ => $"{minimum} to {maximum}",
    };
}
