using System.CommandLine;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Resize;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary>The options that say which links a data set is made of, and how far it is made: the same for a run and for a cluster.</summary>
internal sealed class JobOptions
{
    private readonly Option<long?> _count = new("--count") { Description = "Take only COUNT links (default: all)", HelpName = "COUNT" };
    private readonly Option<long?> _skip = new("--skip") { Description = "Skip the first SKIP links", HelpName = "SKIP" };
    private readonly Option<PictureSize?> _size = new("--size")
    {
        Description = "Fit to SIZE x SIZE, or to W,H, on white (default 299; records need that)",
        HelpName = "SIZE|W,H",
        CustomParser = result => SizeOption.Parse(result),
    };

    private readonly ChoiceOption<JobEnd> _until = new("--until", "How far to go: download, resize or records", JobEnd.Records);
    private readonly Option<bool> _retryFailed = new("--retry-failed") { Description = "Try the links without a picture again; their pictures go into new records" };
    private readonly Option<bool?> _fanOut = new("--fanout")
    {
        Description = "Give picture folders a folder for each first two digits of the names (default: above a million links)",
    };

    private readonly Option<string?> _prefix = new("--image-name-prefix")
    {
        Description = "What stands before a picture's file name in image_name (default: DATA/resized/)",
        HelpName = "PREFIX",
    };

    public void AddTo(Command command)
    {
        _count.RefuseNegative();
        _skip.RefuseNegative();
        command.Add(_count);
        command.Add(_skip);
        command.Add(_size);
        command.Add(_until);
        command.Add(_retryFailed);
        command.Add(_fanOut);
        command.Add(_prefix);
    }

    /// <summary>What is asked for; what is not said is null.</summary>
    /// <param name="arguments">The words.</param>
    /// <param name="source">The list of links.</param>
    /// <param name="data">The data set's folder.</param>
    public JobSpec Spec(ParseResult arguments, string source, string data)
    {
        PictureSize? size = arguments.GetValue(_size);
        return new JobSpec
        {
            Source = source,
            Data = data,
            Skip = arguments.GetValue(_skip),
            Count = arguments.GetValue(_count),
            Width = size?.Width,
            Height = size?.Height,
            FansOut = arguments.GetValue(_fanOut),
            ImageNamePrefix = arguments.GetValue(_prefix),
            Until = _until.Choice(arguments),
            RetryFailed = arguments.GetValue(_retryFailed),
        };
    }
}
