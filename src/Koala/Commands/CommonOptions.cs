using System.CommandLine;

namespace Koalarization.Koala.Commands;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print results and messages as JSON, one object per line",
        Recursive = true,
    };

    public static Option<bool> Debug { get; } = new("--debug")
    {
        Description = "Print errors with a stack trace; on a node, also debug logs",
        Recursive = true,
    };

    /// <summary>The number of pictures, or files, that are processed at once.</summary>
    public static Option<int> Parallel(string description = "Pictures to process at once") => new Option<int>("--parallel")
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.Whole(1, 1024);

    /// <summary>The largest picture that is decoded, by the size in its header.</summary>
    public static Option<double> MaxMegapixels() => new Option<double>("--max-megapixels")
    {
        Description = "Maximum megapixels of a picture, by its header",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    }.Number(megapixels => megapixels is >= 1e-6 and < 1e12, "a number of megapixels, more than 0, such as 100 or 0.5");
}
