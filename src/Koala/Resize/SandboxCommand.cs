using System.CommandLine;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Resize;

/// <summary>The child process of <see cref="SandboxedResizer"/>; hidden from people.</summary>
internal sealed class SandboxCommand : KoalaCommand
{
    private readonly KoalaServices _parts;
    private readonly Argument<int> _width = new("WIDTH");
    private readonly Argument<int> _height = new("HEIGHT");
    private readonly Argument<long> _maxPixels = new("MAX_PIXELS");

    public SandboxCommand(TimeProvider time, KoalaServices parts)
        : base(SandboxProtocol.CommandName, "Resize pictures for another process of this program", time)
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
        var resizer = new InProcessResizer(_parts.Codec(), size, arguments.GetValue(_maxPixels));
        SandboxProtocol.Serve(resizer, Console.OpenStandardInput(), Console.OpenStandardOutput());
        return Task.FromResult(ExitCode.Done);
    }
}
