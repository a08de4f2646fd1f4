using System.CommandLine;
using Koalarization.Cluster;
using Koalarization.Imaging;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Run;

/// <summary>The child of <see cref="ChildFitter"/>; no command for people.</summary>
internal sealed class FitPicturesCommand : KoalaCommand
{
    private readonly KoalaParts _parts;
    private readonly Argument<int> _width = new("WIDTH");
    private readonly Argument<int> _height = new("HEIGHT");
    private readonly Argument<long> _maxPixels = new("MAX_PIXELS");

    public FitPicturesCommand(TimeProvider time, KoalaParts parts)
        : base(FitPictures.CommandName, "Fit pictures for another process of this program", time)
    {
        _parts = parts;
        Hidden = true;
        Add(_width);
        Add(_height);
        Add(_maxPixels);
    }

    public override IReadOnlyList<string> Examples => [];

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        int width = arguments.GetValue(_width), height = arguments.GetValue(_height);
        PictureSize? size = width > 0 ? new PictureSize(width, height) : null;
        using var fitter = new CoreFitter(_parts.Codec(), size, arguments.GetValue(_maxPixels), parallel: 1);
        FitPictures.Serve(fitter, Console.OpenStandardInput(), Console.OpenStandardOutput());
        return Task.FromResult(ExitCode.Done);
    }
}
