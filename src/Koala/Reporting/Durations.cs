namespace Koalarization.Koala.Reporting;

/// <summary>Formats durations for people.</summary>
internal static class Durations
{
    private const int Minute = 60, Hour = 60 * Minute, Day = 24 * Hour;

    public static string Format(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 9.95 } => $"{duration.TotalSeconds:0.0} s",
        { TotalSeconds: < 59.5 } => $"{duration.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{(int)duration.TotalMinutes} min {duration.Seconds:00} s",
        { TotalDays: < 1 } => $"{(int)duration.TotalHours} h {duration.Minutes:00} min",
        _ => $"{(int)duration.TotalDays} d {duration.Hours} h",
    };

    /// <summary>How long work still takes, rounded to what an estimate is worth: <c>about 25 min left</c>.</summary>
    public static string Left(double seconds) => seconds switch
    {
        < 50 => "less than a minute left",
        < 10 * Minute => $"about {Rounded(seconds, Minute) / Minute} min left",
        < 57.5 * Minute => $"about {Rounded(seconds, 5 * Minute) / Minute} min left",
        < 5 * Hour => $"about {InHours(Rounded(seconds, 10 * Minute))} left",
        < 47.5 * Hour => $"about {Rounded(seconds, Hour) / Hour} h left",
        < 1000.0 * Day => $"about {Rounded(seconds, Day) / Day} days left",
        _ => "years left",
    };

    private static string InHours(long seconds) => seconds % Hour == 0 ? $"{seconds / Hour} h" : $"{seconds / Hour} h {seconds % Hour / Minute} min";

    private static long Rounded(double seconds, int unit) => (long)Math.Max(1, Math.Round(seconds / unit)) * unit;
}
