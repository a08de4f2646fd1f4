using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary><c>koala embedders</c>.</summary>
internal sealed class EmbeddersCommand : ControlCommand
{
    private readonly Option<int?> _picturesPerEmbedder = new Option<int?>("--pictures-per-embedder")
    {
        Description = "Waiting pictures for which one embedder is started (default: 2000)",
        HelpName = "N",
    }.Whole(1);

    public EmbeddersCommand(TimeProvider time)
        : base("embedders", "Show how many embedders are of use now, and what waits for them", time) => Add(_picturesPerEmbedder);

    public override IReadOnlyList<string> Examples => ["koala embedders", "koala embedders --pictures-per-embedder 5000 --json | jq .wanted"];

    protected override async Task<int> RunAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation)
    {
        reporter.Result(await control.EmbeddersAsync(arguments.GetValue(_picturesPerEmbedder), cancellation));
        return ExitCode.Done;
    }
}
