using System.CommandLine;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Resize;

/// <summary><c>koala resize SRC_DIR OUT_DIR [-s SIZE|W,H]</c>.</summary>
internal sealed class ResizeCommand : KoalaCommand
{
    private readonly PathArgument _source = new("SRC_DIR") { Description = "Folder of JPEG files (.jpg, .jpeg)" };
    private readonly PathArgument _output = new("OUT_DIR") { Description = "Folder for the resized pictures, under the same names" };
    private readonly Option<PictureSize> _size = new("--size", "-s")
    {
        Description = "Fit into SIZE x SIZE, or into W,H, on white; -s is the skip in download",
        HelpName = "SIZE|W,H",
        DefaultValueFactory = _ => new PictureSize(299, 299),
        CustomParser = result => SizeOption.Parse(result) ?? default,
    };

    private readonly Option<double> _maxMegapixels = CommonOptions.MaxMegapixels();
    private readonly Option<int> _parallel = CommonOptions.Parallel();

    public ResizeCommand(TimeProvider time)
        : base("resize", "Resize every picture of a folder to one size", time)
    {
        Add(_source);
        Add(_output);
        Add(_size);
        Add(_maxMegapixels);
        Add(_parallel);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala resize data/original data/resized",
        "koala resize data/original data/small -s 224",
        "koala resize data/original data/wide -s 320,200 --json",
    ];

    protected override int OpenFilesNeeded => OpenFiles.ForPictures;

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        var folders = SourceAndOutput.Check(arguments.GetRequiredValue(_source), arguments.GetRequiredValue(_output));
        SourceAndOutput.RefuseSetAsOutput(folders.Output, DataLayout.Resized);
        IJpegCodec codec = CodecChoice.Choose(reporter);
        PictureSize size = arguments.GetValue(_size);
        var resizer = new InProcessResizer(codec, size, (long)(arguments.GetValue(_maxMegapixels) * 1e6));
        var step = new ResizeStep(resizer, size, folders, arguments.GetValue(_parallel), Time);
        ResizeDone done = await step.RunAsync(reporter, cancellation);
        reporter.Result(done);
        return done.LeftOut > 0 ? ExitCode.Incomplete : ExitCode.Done;
    }
}
