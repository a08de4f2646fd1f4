using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Koalarization.Cluster.Wire;

/// <summary>
/// What a message of another process must be like before anything of it is believed. An exception here is a message that is not read: one log line, and nothing else.
/// </summary>
internal static class WireCheck
{
    /// <summary>A part that every such message has.</summary>
    /// <exception cref="ArgumentException">This one has not.</exception>
    public static T Required<T>([NotNull] this T? part, [CallerArgumentExpression(nameof(part))] string name = "")
        where T : class => part ?? throw new ArgumentException($"{name} is missing.", name);

    /// <summary>A number of things.</summary>
    /// <exception cref="ArgumentException">It is negative.</exception>
    public static int Count(this int number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number >= 0 ? number : throw new ArgumentException($"{name} is {number}.", name);

    /// <summary>A number of things.</summary>
    /// <exception cref="ArgumentException">It is negative.</exception>
    public static long Count(this long number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number >= 0 ? number : throw new ArgumentException($"{name} is {number}.", name);

    /// <summary>A number of links of one slice or the like.</summary>
    /// <exception cref="ArgumentException">It is negative or larger than any.</exception>
    public static int SmallCount(this long number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number is >= 0 and <= int.MaxValue ? (int)number : throw new ArgumentException($"{name} is {number}.", name);

    /// <summary>A number of things in a second.</summary>
    /// <exception cref="ArgumentException">It is negative or no number, which JSON cannot have.</exception>
    public static double Rate(this double number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        double.IsFinite(number) && number >= 0 ? number : throw new ArgumentException($"{name} is {number}.", name);

    /// <summary>A value of an enumeration.</summary>
    /// <exception cref="ArgumentException">It has no such value.</exception>
    public static T As<T>(this int value)
        where T : struct, Enum =>
        value.AsKnown<T>() ?? throw new ArgumentException($"{typeof(T).Name} has no {value}.", nameof(value));

    /// <summary>A value of an enumeration that people are shown; null: a later version's.</summary>
    public static T? AsKnown<T>(this int value)
        where T : struct, Enum => Enum.IsDefined((T)(object)value) ? (T)(object)value : null;
}
