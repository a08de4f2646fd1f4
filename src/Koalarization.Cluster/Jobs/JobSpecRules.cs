using System.Text.RegularExpressions;
using Koalarization.Dataset;
using Koalarization.Harvest;
using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Cluster;

/// <summary>What may be asked of a job, as far as it can be told without looking at a disk.</summary>
internal static partial class JobSpecRules
{
    private const int Usual = PreparedPicture.Size;

    /// <summary>Whether a list is read from the web.</summary>
    public static bool IsUrl(string source) => LinkSource.IsUrl(source);

    /// <summary>The same with the data set's folder relative to the store.</summary>
    /// <exception cref="DoorException">It makes no sense.</exception>
    public static JobSpec Fit(JobSpec spec, string store)
    {
        string data = StorePath.TryRelative(store, spec.Data)
            ?? throw Unfit($"'{spec.Data}' is no folder below the store {store}; name one relative to it, such as birds or sets/birds.");
        return WhyNot(spec) is string why ? throw Unfit(why) : spec with { Data = data };
    }

    /// <summary>
    /// Says what is asked for that a job in work does not do, or gives null when it does all of it. What is not said is no difference; nor are failed links to be
    /// tried again: the round in work does that, or comes first.
    /// </summary>
    public static string? DifferenceFrom(JobSpec inWork, JobSpec now)
    {
        (string What, object? Now, object? Then)[] pairs =
        [
            ("source", now.Source, inWork.Source),
            ("skip", now.Skip, inWork.Skip),
            ("count", now.Count, inWork.Count),
            ("width", now.Width, inWork.Width),
            ("height", now.Height, inWork.Height),
            ("fanout", now.FansOut, inWork.FansOut),
            ("image name prefix", now.ImageNamePrefix, inWork.ImageNamePrefix),
            ("until", now.Until, inWork.Until),
            ("batch size", now.PicturesPerRecord, inWork.PicturesPerRecord),
            ("compression", now.Compression, inWork.Compression),
            ("compatibility", now.Compatibility, inWork.Compatibility),
            ("weights", now.Weights, inWork.Weights),
            ("precision", now.Precision, inWork.Precision),
        ];
        return pairs.Where(pair => pair.Now is not null && !pair.Now.Equals(pair.Then))
            .Select(pair => $"{pair.What} is {pair.Now}, and was {(pair.Then is null ? "not said" : $"{pair.Then}")}")
            .FirstOrDefault();
    }

    private static string? WhyNot(JobSpec spec) => spec switch
    {
        { Source: "-" } => "a job cannot read standard input; give a file, a folder or a URL that every control node sees.",
        { Source.Length: 0 } => "the list's name is empty; give a file, a folder or a URL that every control node sees.",
        _ when !IsUrl(spec.Source) && !Path.IsPathFullyQualified(spec.Source) => $"'{spec.Source}' is no full path; a control node does not know the folder that you are in.",
        { Skip: < 0 } => "skip must not be negative.",
        { Count: < 0 } => "count must not be negative.",
        _ when spec.Width is null != spec.Height is null => "width and height go together.",
        { Width: < 1 or > 65500 } or { Height: < 1 or > 65500 } => "width and height are from 1 to 65500.",
        _ when (long)(spec.Width ?? Usual) * (spec.Height ?? Usual) > 100_000_000 => "pictures have 100 megapixels at most.",
        { Until: JobEnd.Records } when (spec.Width ?? Usual, spec.Height ?? Usual) != (Usual, Usual) =>
            $"records need pictures of {Usual}x{Usual}, not {spec.Width}x{spec.Height}; go until resize for another size.",
        { PicturesPerRecord: < 1 } => "a record has 1 picture at least.",
        { Compression: not (null or "none" or "gzip" or "zlib") } => $"there is no compression '{spec.Compression}'; it is none, gzip or zlib.",
        { Compatibility: not (null or "none" or "original") } => $"there is no compatibility '{spec.Compatibility}'; it is none or original.",
        { Weights: string weights } when !Weights().IsMatch(weights) => $"'{weights}' names no weights; give their SHA-256, random:SEED or simulated.",
        { Precision: string precision } when !Precision().IsMatch(precision) =>
            $"there is no precision '{precision}'; it is fp32, or another with its device, such as bf16/cpu or fp16/cuda.",
        _ => null,
    };

    private static DoorException Unfit(string sentence) => new(DoorTrouble.Unfit, sentence);

    [GeneratedRegex("^([0-9a-f]{64}|random:-?[0-9]+|simulated)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Weights();

    [GeneratedRegex("^(fp32|(bf16|fp16|tf32)/(cpu|cuda|simulated))$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Precision();
}
