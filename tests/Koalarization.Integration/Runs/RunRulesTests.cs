using System.Text.Json;

namespace Koalarization.Integration.Runs;

/// <summary>A round keeps the options of fetching that it was begun with.</summary>
public sealed class RunRulesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], _web.Links(16));
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_with_allow_private_tries_the_addresses_again_that_one_without_it_refused()
    {
        Assert.Equal((0, 16), KeptAndProcessed(await RunAsync()));
        Assert.Equal((0, 0), KeptAndProcessed(await RunAsync()));
        Assert.Equal(0, _web.Requests);

        Assert.Equal((10, 16), KeptAndProcessed(await RunAsync("--allow-private")));

        Assert.Contains("\"allow_private\": false", File.ReadAllText(_folder["data/.koala/rounds/1.open.json"]), StringComparison.Ordinal);
        Assert.Contains("\"allow_private\": true", File.ReadAllText(_folder["data/.koala/rounds/2.open.json"]), StringComparison.Ordinal);
        Assert.Equal((10, 0), KeptAndProcessed(await RunAsync("--allow-private")));
        Assert.False(File.Exists(_folder["data/.koala/rounds/3.open.json"]));
    }

    [Fact]
    public async Task Another_round_has_the_options_of_the_one_before_unless_others_are_given()
    {
        Assert.Equal((0, 16), KeptAndProcessed(await RunAsync("--allow-private", "--max-bytes", "100")));

        KoalaRun again = await RunAsync("--retry-failed", "--max-bytes", "20000000");

        Assert.Equal((10, 16), KeptAndProcessed(again));
    }

    private static (int Kept, int Processed) KeptAndProcessed(KoalaRun run)
    {
        JsonElement done = run.Event("run_done");
        return (done.GetProperty("kept").GetInt32(), done.GetProperty("processed").GetInt32());
    }

    private Task<KoalaRun> RunAsync(params string[] options) => KoalaProcess.RunAsync(
        _folder.Path, ["run", "links.txt", "data", "--until", "resize", "--json", .. options]);
}
