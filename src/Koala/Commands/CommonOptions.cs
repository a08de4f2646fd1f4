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
    }.AtLeast(1);

    /// <summary>The largest picture that is decoded, by the size in its header.</summary>
    public static Option<double> MaxMegapixels()
    {
        var option = new Option<double>("--max-megapixels")
        {
            Description = "Maximum megapixels of a picture, by its header",
            HelpName = "N",
            DefaultValueFactory = _ => 100,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && double.TryParse(result.Tokens[0].Value, out double megapixels) && megapixels is not (> 0 and < 1e12))
            {
                result.AddError($"{option.Name} must be more than 0.");
            }
        });
        return option;
    }

    /// <summary>Adds a validator that refuses values below a minimum.</summary>
    public static T AtLeast<T>(this T option, int minimum)
        where T : Option
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out int value) && value < minimum)
            {
                result.AddError($"{option.Name} must be at least {minimum}, not {value}.");
            }
        });
        return option;
    }

    /// <summary>Adds a validator that refuses 0, with which there would be nothing to do.</summary>
    public static void RefuseZero(this Option option) =>
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value == "0")
            {
                result.AddError($"{option.Name} must be at least 1, not 0.");
            }
        });

    /// <summary>Adds a validator that refuses negative numbers.</summary>
    public static void RefuseNegative(this Option option) =>
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.StartsWith('-'))
            {
                result.AddError($"{option.Name} must not be negative.");
            }
        });
}
