using Koalarization.Dataset.State;

namespace Koalarization.Pipeline.Jobs;

/// <summary>One option of a job: its names, what a job asks for, and what a data set was begun with.</summary>
/// <param name="Properties">The properties of <see cref="JobSpec"/> that hold it; those of <see cref="FetchRules"/> share one, which the first of them has.</param>
/// <param name="Flag">Its name on the command line.</param>
/// <param name="Asked">What a job asks for; null: nothing.</param>
internal sealed record JobOption(string[] Properties, string Flag, Func<JobSpec, object?> Asked)
{
    /// <summary>What the data set was begun with, where a data set's first run fixes the option for all later ones.</summary>
    public Func<JobParameters, object?>? Fixed { get; init; }

    /// <summary>What <see cref="Fixed"/> is called when it is null.</summary>
    public string Unlimited { get; init; } = "";

    /// <summary>
    /// Every option that makes one job differ from another, in the order in which differences are reported. To try failed links again is no difference: the round
    /// in work does that, or comes first.
    /// </summary>
    public static IReadOnlyList<JobOption> All { get; } =
    [
        new([nameof(JobSpec.Source)], "source", spec => spec.Source),
        new([nameof(JobSpec.Skip)], "--skip", spec => spec.Skip) { Fixed = job => job.Skip },
        new([nameof(JobSpec.Count)], "--count", spec => spec.Count) { Fixed = job => job.Count, Unlimited = "of all links" },
        new([nameof(JobSpec.Format)], "--format", spec => spec.Format) { Fixed = job => job.ListFormat, Unlimited = "by content" },
        new([nameof(JobSpec.UrlColumn)], "--url-column", spec => spec.UrlColumn) { Fixed = job => job.UrlColumn, Unlimited = "by name or values" },
        new([nameof(JobSpec.Width), nameof(JobSpec.Height)], "--size", spec => spec is { Width: int width, Height: int height } ? Size(width, height) : null)
        {
            Fixed = job => Size(job.Width, job.Height),
        },
        new([nameof(JobSpec.FansOut)], "--fanout", spec => spec.FansOut) { Fixed = job => job.FansOut },
        new([nameof(JobSpec.ImageNamePrefix)], "--image-name-prefix", spec => spec.ImageNamePrefix) { Fixed = job => job.ImageNamePrefix },
        new([nameof(JobSpec.Until)], "--until", spec => spec.Until),
        new([nameof(JobSpec.PicturesPerRecord)], "--batch-size", spec => spec.PicturesPerRecord),
        new([nameof(JobSpec.Compression)], "--compression", spec => spec.Compression),
        new([nameof(JobSpec.Compatibility)], "--compat", spec => spec.Compatibility),
        new([nameof(JobSpec.Weights)], "--weights", spec => spec.Weights),
        new([nameof(JobSpec.Precision)], "--precision", spec => spec.Precision),
        new([nameof(JobSpec.Fetch)], "--allow-private", spec => spec.Fetch?.AllowPrivate),
        new([], "--connect-timeout", spec => spec.Fetch?.ConnectTimeout),
        new([], "--first-byte-timeout", spec => spec.Fetch?.FirstByteTimeout),
        new([], "--timeout", spec => spec.Fetch?.Timeout),
        new([], "--min-rate", spec => spec.Fetch?.MinRate),
        new([], "stall window", spec => spec.Fetch?.StallWindow),
        new([], "--max-bytes", spec => spec.Fetch?.MaxBytes),
        new([], "--max-redirects", spec => spec.Fetch?.MaxRedirects),
        new([], "--tries", spec => spec.Fetch?.Tries),
        new([], "first pause", spec => spec.Fetch?.FirstPause),
        new([], "longest pause", spec => spec.Fetch?.LongestPause),
        new([], "--max-megapixels", spec => spec.Fetch?.MaxMegapixels),
        new([], "--user-agent", spec => spec.Fetch?.UserAgent),
    ];

    /// <summary>The name without the command line's dashes: <c>image name prefix</c>.</summary>
    public string Name => Flag.TrimStart('-').Replace('-', ' ');

    /// <summary>The first option that a job asks for and a job in work does not do, in words; null: there is none.</summary>
    public static string? Difference(JobSpec inWork, JobSpec now) =>
        All.Where(option => option.Asked(now) is object asked && !asked.Equals(option.Asked(inWork)))
            .Select(option => $"{option.Name} is {option.Asked(now)}, and was {option.Asked(inWork) ?? "not given"}")
            .FirstOrDefault();

    /// <summary>The first option that a job asks for and the data set was begun without, in words; null: there is none.</summary>
    public static string? Difference(JobParameters begun, JobSpec now) =>
        All.Where(option => option.Fixed is not null && option.Asked(now) is object asked && !asked.Equals(option.Fixed(begun)))
            .Select(option => $"{option.Flag} {option.Fixed!(begun) ?? option.Unlimited}, not {option.Asked(now)}")
            .FirstOrDefault();

    /// <summary>The options that a data set was begun with and a job does not name, where they are not the defaults: <c>--count 10</c>.</summary>
    public static IEnumerable<string> Unnamed(JobParameters begun, JobSpec now, JobParameters defaults) =>
        All.Where(option => option.Fixed is not null && option.Asked(now) is null && option.Fixed(begun) is object value && !value.Equals(option.Fixed(defaults)))
            .Select(option => $"{option.Flag} {option.Fixed!(begun)}");

    /// <summary>The first rule of fetching that a job asks for and a round was begun without, in words; null: there is none.</summary>
    public static string? Difference(FetchRules begun, JobSpec now) =>
        Difference(now with { Fetch = begun }, now);

    private static string Size(int width, int height) => $"{width},{height}";
}
