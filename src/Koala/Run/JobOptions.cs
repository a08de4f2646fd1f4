using System.CommandLine;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Resize;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary>The options of a job: its links and its last step. The same for a run and for a cluster.</summary>
internal sealed class JobOptions
{
    private readonly Option<long?> _count = new Option<long?>("--count") { Description = "Use only COUNT links (default: all)", HelpName = "COUNT" }.Whole(1, long.MaxValue);
    private readonly Option<long?> _skip = new Option<long?>("--skip") { Description = "Skip the first SKIP links", HelpName = "SKIP" }.Whole(0, long.MaxValue);
    private readonly Option<PictureSize?> _size = new("--size")
    {
        Description = "Fit into SIZE x SIZE, or into W,H, on white (default: 299, which records need)",
        HelpName = "SIZE|W,H",
        CustomParser = result => SizeOption.Parse(result),
    };

    private readonly ChoiceOption<JobEnd> _until = new("--until", "Last step: download, resize or records", JobEnd.Records);
    private readonly Option<bool> _retryFailed = new("--retry-failed") { Description = "Retry links without a picture; their pictures go into new records" };
    private readonly Option<bool?> _fanOut = new("--fanout")
    {
        Description = "Split picture folders by the first two digits of names (default: above a million links)",
    };

    private readonly Option<string?> _prefix = new("--image-name-prefix")
    {
        Description = "Prefix of the file name in image_name (default: DATA/resized/)",
        HelpName = "PREFIX",
    };

    private readonly ListOptions _list = new();

    public void AddTo(Command command)
    {
        command.Add(_count);
        command.Add(_skip);
        _list.AddTo(command);
        command.Add(_size);
        command.Add(_until);
        command.Add(_retryFailed);
        command.Add(_fanOut);
        command.Add(_prefix);
    }

    /// <summary>The job that the user asked for; options that were not given are null.</summary>
    /// <param name="arguments">The parsed command line.</param>
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
            Format = _list.Format(arguments),
            UrlColumn = _list.UrlColumn(arguments),
            Width = size?.Width,
            Height = size?.Height,
            FansOut = arguments.GetValue(_fanOut),
            ImageNamePrefix = arguments.GetValue(_prefix),
            Until = _until.Choice(arguments),
            RetryFailed = arguments.GetValue(_retryFailed),
        };
    }
}
