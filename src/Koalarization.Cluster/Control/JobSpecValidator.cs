using System.Text.RegularExpressions;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.State;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Control;

/// <summary>Validates what a job asks for, without looking at a disk.</summary>
internal static partial class JobSpecValidator
{
    private const int RecordSize = PreparedPicture.Size;
    private const int MaxUserAgent = 1000;
    private const int MaxSource = 4000;

    /// <summary>Whether a list is read from the web.</summary>
    public static bool IsUrl(string source) => LinkSource.IsUrl(source);

    /// <summary>Gives a valid job, with the data set's folder relative to the store.</summary>
    /// <exception cref="ControlException">The job is invalid.</exception>
    public static JobSpec Validate(JobSpec spec, string store)
    {
        string data = StorePath.TryRelative(store, spec.Data)
            ?? throw Invalid($"'{spec.Data}' is not a folder below the store {store}; name one relative to it, such as birds or sets/birds.");
        if (DataPath.FaultOf(JobId.Normal(data)) is string fault)
        {
            throw Invalid($"'{spec.Data}' cannot be a data set's folder: {fault}.");
        }

        return ErrorOf(spec) is string error ? throw Invalid(error) : spec with { Data = data };
    }

    private static string? ErrorOf(JobSpec spec) => spec switch
    {
        { Source: "-" } => "a job cannot read standard input; give a file, a folder or a URL that every control node sees.",
        { Source.Length: > MaxSource } or { UrlColumn.Length: > MaxSource } or { ImageNamePrefix.Length: > MaxSource } => $"a name has {MaxSource} characters at most.",
        _ when spec.Source.Any(char.IsControl) => "the list's name has a control character.",
        { Source.Length: 0 } => "the list's name is empty; give a file, a folder or a URL that every control node sees.",
        _ when !IsUrl(spec.Source) && !Path.IsPathFullyQualified(spec.Source) => $"'{spec.Source}' is not a full path; a control node does not know the folder that you are in.",
        { Format: string format } when ListReading.FormatOf(format) is null => $"there is no format '{format}'; it is text, csv, tsv, json, jsonl or parquet.",
        { UrlColumn.Length: 0 } => "the column's name is empty; give its name or its number.",
        { Count: 0 } => "count is 0, which leaves no link; give 1 or more.",
        { Skip: < 0 } => "skip must not be negative.",
        { Count: < 0 } => "count must not be negative.",
        _ when spec.Width is null != spec.Height is null => "width and height go together.",
        { Width: < 1 or > 65500 } or { Height: < 1 or > 65500 } => "width and height are from 1 to 65500.",
        _ when (long)(spec.Width ?? RecordSize) * (spec.Height ?? RecordSize) > 100_000_000 => "pictures have 100 megapixels at most.",
        { Until: JobEnd.Records } when (spec.Width ?? RecordSize, spec.Height ?? RecordSize) != (RecordSize, RecordSize) =>
            $"records need pictures of {RecordSize}x{RecordSize}, not {spec.Width}x{spec.Height}; go until resize for another size.",
        { PicturesPerRecord: < 1 } => "a record has 1 picture at least.",
        { Compression: not (null or "none" or "gzip" or "zlib") } => $"there is no compression '{spec.Compression}'; it is none, gzip or zlib.",
        { Compatibility: not (null or "none" or "original") } => $"there is no compatibility '{spec.Compatibility}'; it is none or original.",
        { Weights: string weights } when !Weights().IsMatch(weights) => $"'{weights}' is not a name of weights; give their SHA-256, random:SEED or simulated.",
        { Precision: string precision } when !Precision().IsMatch(precision) =>
            $"there is no precision '{precision}'; it is fp32, or another with its device, such as bf16/cpu or fp16/cuda.",
        { Fetch: FetchRules rules } => ErrorOf(rules),
        _ => null,
    };

    private static string? ErrorOf(FetchRules rules) => rules switch
    {
        _ when !IsTimeout(rules.ConnectTimeout) => Timeout("connect_timeout"),
        _ when !IsTimeout(rules.FirstByteTimeout) => Timeout("first_byte_timeout"),
        _ when !IsTimeout(rules.Timeout) => Timeout("timeout"),
        _ when !IsTimeout(rules.StallWindow) => Timeout("stall_window"),
        _ when !IsTimeout(rules.FirstPause) => Timeout("first_pause"),
        _ when !IsTimeout(rules.LongestPause) => Timeout("longest_pause"),
        { MinRate: < 0 } => "min_rate must not be negative.",
        { MaxBytes: < 1 } => "max_bytes is 1 at least.",
        { MaxRedirects: < 0 } => "max_redirects must not be negative.",
        { Tries: < 1 } => "tries is 1 at least.",
        { MaxMegapixels: not (null or (> 0 and < 1e12)) } => "max_megapixels must be more than 0.",
        { UserAgent: string agent } when agent.Length > MaxUserAgent || FetchOptions.UserAgentFault(agent) is not null =>
            $"user_agent is 1 to {MaxUserAgent} printable ASCII characters.",
        _ => null,
    };

    private static bool IsTimeout(double? seconds) => seconds is null or (> 0 and <= 86400);

    private static string Timeout(string name) => $"{name} must be more than 0 and at most 86400 seconds.";

    private static ControlException Invalid(string sentence) => new(ControlError.Invalid, sentence);

    [GeneratedRegex("^([0-9a-f]{64}|random:-?[0-9]+|simulated)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Weights();

    [GeneratedRegex("^(fp32|(bf16|fp16|tf32)/(cpu|cuda|simulated))$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Precision();
}
