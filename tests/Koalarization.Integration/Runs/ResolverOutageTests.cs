using System.Diagnostics;
using System.Text.Json;

namespace Koalarization.Integration.Runs;

/// <summary>A resolver of the test's own, that stops answering and comes back.</summary>
public sealed class ResolverOutageTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();

        // A host of its own for every link, so that every link asks the resolver.
        File.WriteAllLines(_folder["links.txt"], Enumerable.Range(0, 400).Select(i => $"http://host{i}.test:{_web.Port}/picture/{i}.jpg"));
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("down")]
    [InlineData("silent")]
    [InlineData("none")]
    public async Task A_resolver_that_stops_answering_in_the_middle_costs_no_link(string outage)
    {
        File.WriteAllText(_folder["resolver"], "up");
        using Process process = Start("--parallel", "4", "--connect-timeout", "1");
        process.StandardInput.Close();
        var ended = KoalaProcess.EndAsync(process);
        Assert.True(SpinWait.SpinUntil(() => _web.Requests >= 50, TimeSpan.FromMinutes(1)));
        File.WriteAllText(_folder["resolver"], outage);
        int before = await SettledAsync();

        File.WriteAllText(_folder["resolver"], "up");
        KoalaRun run = await ended;

        Assert.True(before < 400, "the outage came too late to show anything");
        Assert.Equal(400, run.Event("run_done").GetProperty("kept").GetInt32());
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains(Notes(run), note => note.Contains("look", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_is_truly_dead_ends()
    {
        File.WriteAllText(_folder["resolver"], "none");
        using Process process = Start();
        process.StandardInput.Close();
        KoalaRun run = await KoalaProcess.EndAsync(process);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("""{"dns":400}""", run.Event("run_done").GetProperty("failed").GetRawText());
    }

    [Fact]
    public async Task Without_a_network_it_says_so_waits_and_can_be_interrupted_without_a_loss()
    {
        File.WriteAllText(_folder["resolver"], "down");
        using Process process = Start("--tries", "1");
        process.StandardInput.Close();
        string? said = null;
        while (await process.StandardOutput.ReadLineAsync() is string line && said is null)
        {
            JsonElement told = JsonDocument.Parse(line).RootElement;
            said = told.GetProperty("event").GetString() == "note" ? told.GetProperty("text").GetString() : null;
        }

        Assert.NotNull(said);
        Signals.Interrupt(process);
        Assert.Equal(130, (await KoalaProcess.EndAsync(process)).ExitCode);

        File.WriteAllText(_folder["resolver"], "up");
        using Process again = Start();
        again.StandardInput.Close();
        Assert.Equal(400, (await KoalaProcess.EndAsync(again)).Event("run_done").GetProperty("kept").GetInt32());
    }

    private static IEnumerable<string> Notes(KoalaRun run) =>
        run.Events.Where(e => e.GetProperty("event").GetString() == "note").Select(e => e.GetProperty("text").GetString()!);

    /// <summary>Waits until no request has come for a while: fetching has stopped.</summary>
    private async Task<int> SettledAsync()
    {
        int last;
        do
        {
            last = _web.Requests;
            using var pause = new PeriodicTimer(TimeSpan.FromSeconds(4));
            await pause.WaitForNextTickAsync();
        }
        while (_web.Requests != last);
        return last;
    }

    private Process Start(params string[] options) => KoalaProcess.StartFaulty(
        _folder.Path, new() { ["KOALA_TEST_RESOLVER"] = _folder["resolver"] },
        ["run", "links.txt", "data", "--allow-private", "--json", "--until", "resize", .. options]);
}
