using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Control;

internal static class JobSpecs
{
    /// <summary>What a job needs, and nothing else.</summary>
    public static readonly JobSpec Least = new() { Source = "/store/links.txt", Data = "birds" };

    /// <summary>Every option given, none its default.</summary>
    public static readonly JobSpec Full = Least with
    {
        Skip = 1,
        Count = 2,
        Width = 320,
        Height = 200,
        FansOut = true,
        ImageNamePrefix = "x/",
        Until = JobEnd.Resize,
        RetryFailed = true,
        PicturesPerRecord = 7,
        Compression = "gzip",
        Compatibility = "original",
        Weights = "random:0",
        Precision = "bf16/cpu",
        Fetch = new FetchRules
        {
            AllowPrivate = true,
            ConnectTimeout = 1.5,
            FirstByteTimeout = 2,
            Timeout = 3,
            MinRate = 4,
            StallWindow = 5,
            MaxBytes = 6,
            MaxRedirects = 7,
            Tries = 8,
            FirstPause = 9,
            LongestPause = 10,
            MaxMegapixels = 11,
            UserAgent = "birds/1.0",
        },
    };
}
