namespace Koalarization.Checkpoints.Sources;

/// <summary>Where downloads and unpacked archives are kept, and what is too much.</summary>
public sealed record CheckpointLocatorOptions
{
    /// <summary>The cache folder; by default <c>$XDG_CACHE_HOME/koala</c>, or <c>~/.cache/koala</c>.</summary>
    public string CacheFolder { get; init; } = DefaultCacheFolder();

    /// <summary>The most bytes of one download, and the most that one archive may unpack to: 4 GB.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>A download ends when nothing comes for so long: 60 seconds.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The disk that a download needs, the unpacked checkpoint beside the archive included: weights hardly compress.</summary>
    public static long RoomFor(long downloadBytes) => downloadBytes * 22 / 10;

    private static string DefaultCacheFolder()
    {
        // A relative path is to be ignored, says the XDG base directory specification.
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(Path.IsPathFullyQualified(cache ?? "") ? cache! : Path.Combine(home, ".cache"), "koala");
    }
}
