using System.CommandLine;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Resize;

/// <summary>The child process of <see cref="SandboxedResizer"/>; hidden from help.</summary>
internal sealed class SandboxCommand : KoalaCommand
{
    private readonly KoalaServices _services;
    private readonly Argument<int> _width = new("WIDTH");
    private readonly Argument<int> _height = new("HEIGHT");
    private readonly Argument<long> _maxPixels = new("MAX_PIXELS");
    private readonly Argument<int> _rule = new("RULE");

    public SandboxCommand(TimeProvider time, KoalaServices services)
        : base(SandboxProtocol.CommandName, "Resize pictures for another process of this program", time)
    {
        _services = services;
        Hidden = true;
        Add(_width);
        Add(_height);
        Add(_maxPixels);
        Add(_rule);
    }

    public override IReadOnlyList<string> Examples => [];

    // A Ctrl-C is for the whole process group; a picture whose decoder it ends would be damaged. The child ends with its input.
    protected override bool IgnoresSignals => true;

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        int width = arguments.GetValue(_width), height = arguments.GetValue(_height);
        PictureSize? size = width > 0 ? new PictureSize(width, height) : null;
        var resizer = new InProcessResizer(_services.Codec(), size, arguments.GetValue(_maxPixels), (PictureRule)arguments.GetValue(_rule));
        SandboxProtocol.Serve(resizer, Console.OpenStandardInput(), Console.OpenStandardOutput());
        return Task.FromResult(ExitCode.Done);
    }
}
