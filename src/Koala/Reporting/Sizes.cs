namespace Koalarization.Koala.Reporting;

/// <summary>Formats sizes of files for people.</summary>
internal static class Sizes
{
    public static string Format(double bytes) => bytes switch
    {
        < 1e3 => $"{bytes:N0} B",
        < 999.95e3 => $"{bytes / 1e3:N1} kB",
        < 999.95e6 => $"{bytes / 1e6:N1} MB",
        < 999.95e9 => $"{bytes / 1e9:N1} GB",
        _ => $"{bytes / 1e12:N1} TB",
    };
}
