using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Control;
using Koalarization.Koala.Pbm;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Tests.Pbm;

/// <summary>The palette of pbm: what the command line has, in another form.</summary>
public sealed class ControlPaletteTests
{
    private readonly Cluster _cluster = new();

    [Fact]
    public void It_has_the_commands_of_the_command_line_with_their_descriptions_and_arguments()
    {
        IReadOnlyList<PaletteCommand> palette = ControlPalette.Of(_cluster, TimeProvider.System);
        Assert.Equal(["jobs", "status", "submit", "cancel", "nodes", "drain", "embedders"], palette.Select(command => command.Name));
        var program = KoalaProgram.Create(TimeProvider.System);
        Assert.All(palette, command => Assert.Equal(program.Subcommands.Single(each => each.Name == command.Name).Description, command.Description));
        Assert.Equal(["--links", "--data"], palette[2].Arguments.Where(argument => argument.IsMandatory).SelectMany(argument => argument.Switches));
        Assert.Contains(palette[2].Arguments, argument => argument.Switches.Contains("--retry-failed"));
        Assert.All(palette, command => Assert.Contains(command.Arguments, argument => argument.Name == "json"));
        string[] others = ["--control", "--token-file", "--ca-file", "--insecure", "--wait", "--watch", "--help", "--debug"];
        Assert.Empty(palette.SelectMany(command => command.Arguments).SelectMany(argument => argument.Switches).Intersect(others));
        Assert.All(palette, command => Assert.Equal(command.Arguments.Count, command.Arguments.SelectMany(argument => argument.Switches.Take(1)).Distinct().Count()));
    }

    [Fact]
    public async Task What_a_command_says_is_what_the_command_line_prints()
    {
        Assert.Equal("no jobs; start one with koala submit LINKS DATA.", (await RunAsync("jobs")).Text);
        string[] lines = (await RunAsync("nodes")).Text.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("NODE        ROLES  STATE", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("a.lan:8650  embed  Up", lines[1], StringComparison.Ordinal);
        Assert.Equal("2 embedders wanted, 1 there: 1 record with 500 pictures waits.", (await RunAsync("embedders", ("--pictures-per-embedder", "300"))).Text);
        Assert.Equal("""{"event":"embedders_wanted","wanted":1,"records":1,"pictures":500,"embedders":1,"opening":0}""", (await RunAsync("embedders", ("--json", "true"))).Text);
        Assert.Equal("job birds cancelled; its results are kept, and submitting it again resumes it.", (await RunAsync("cancel", ("--job", "birds"))).Text);
        Assert.StartsWith("a.lan:8650 is draining", (await RunAsync("drain", ("--node", "a.lan:8650"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_submitted_with_what_was_said_and_nothing_else()
    {
        PaletteAnswer answer = await RunAsync("submit", ("-b", "40"), ("--data", "birds"), ("--retry-failed", "true"), ("--links", "/mnt/urls.txt"));
        Assert.Equal((false, "job birds-1 submitted; follow it with koala status birds-1 --watch."), (answer.IsError, answer.Text));
        Assert.Equal(("/mnt/urls.txt", "birds", 40, true, null), (_cluster.Spec!.Source, _cluster.Spec.Data, _cluster.Spec.PicturesPerRecord, _cluster.Spec.RetryFailed, _cluster.Spec.Count));
    }

    [Theory]
    [InlineData("cancel", "--job", "none", "there is no job 'none'; koala jobs lists them.")]
    [InlineData("cancel", "--job", "--json", "there is no job '--json'; koala jobs lists them.")]
    [InlineData("cancel", "--node", "x", "--node is not an argument of cancel.")]
    [InlineData("cancel", "--control", "http://elsewhere", "--control is not an argument of cancel.")]
    [InlineData("embedders", "--pictures-per-embedder", "0", "--pictures-per-embedder must be at least 1, not 0.")]
    public async Task What_cannot_be_done_is_an_error_with_the_sentence_of_the_command_line(string command, string name, string value, string sentence)
    {
        PaletteAnswer answer = await RunAsync(command, (name, value));
        Assert.Equal((true, sentence), (answer.IsError, answer.Text));
    }

    private Task<PaletteAnswer> RunAsync(string command, params (string Switch, string Value)[] given) =>
        ControlPalette.Of(_cluster, TimeProvider.System).Single(each => each.Name == command).RunAsync(given);

    private sealed class Cluster : IControl
    {
        public JobSpec? Spec { get; private set; }

        public Task<JobsProtocol.JobAccepted> SubmitAsync(JobSpec spec, CancellationToken cancellation)
        {
            Spec = spec;
            return Task.FromResult(new JobsProtocol.JobAccepted(new JobId("birds-1"), IsNew: true));
        }

        public Task<JobsProtocol.JobList> JobsAsync(CancellationToken cancellation) => Task.FromResult(new JobsProtocol.JobList([], 0));

        public Task<JobsProtocol.JobStatus> JobAsync(string name, CancellationToken cancellation) => throw new NotSupportedException(name);

        public Task<string> CancelAsync(string name, CancellationToken cancellation) =>
            name == "birds" ? Task.FromResult(name) : throw new UserErrorException($"there is no job '{name}'; koala jobs lists them.");

        public Task<JobsProtocol.NodeList> NodesAsync(CancellationToken cancellation) => Task.FromResult(new JobsProtocol.NodeList(
            [new JobsProtocol.NodeStatus("a.lan:8650", ["embed"], "Up", Owner: null, Slices: 0, Records: 0, Note: null)], 0));

        public Task<JobsProtocol.DrainAccepted> DrainAsync(string address, CancellationToken cancellation) => Task.FromResult(new JobsProtocol.DrainAccepted(address));

        public Task<EmbeddersWanted> EmbeddersAsync(int? picturesPerEmbedder, CancellationToken cancellation) =>
            Task.FromResult(EmbeddersWanted.Of(new JobsProtocol.EmbedDemand(1, 500, 1, 0), picturesPerEmbedder));
    }
}
