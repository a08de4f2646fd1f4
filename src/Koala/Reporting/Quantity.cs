namespace Koalarization.Koala.Reporting;

/// <summary>A number with what it counts, for people: <c>1 picture</c>, <c>2,000 pictures</c>.</summary>
internal static class Quantity
{
    /// <param name="count">The number.</param>
    /// <param name="one">What one is called; more have an s behind it.</param>
    public static string Of(long count, string one) => $"{count:N0} {one}{(count == 1 ? "" : "s")}";
}
