using System.Text.Json;

namespace Koalarization.Integration.Runs;

/// <summary>Pictures that kill the process that decodes them, by a JPEG library that has such a fault.</summary>
public sealed class PoisonTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], _web.Links(40).Concat([$"{_web.Root}/kill/1.jpg", $"{_web.Root}/kill/2.jpg"]));
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_picture_that_kills_its_decoder_ends_as_damaged_and_the_run_gets_past_it()
    {
        KoalaRun run;
        int starts = 0;
        do
        {
            Assert.True(++starts <= 3, "the run does not get past the picture");
            run = await KoalaProcess.RunFaultyAsync(
                _folder.Path, [], "run", "links.txt", "data", "--allow-private", "--json", "--device", "simulated", "--batch-size", "10");
        }
        while (run.ExitCode == 137);

        Assert.Equal((0, 3), (run.ExitCode, starts));
        JsonElement[] links = [.. run.Events.Where(e => e.GetProperty("event").GetString() == "link_done")];
        Assert.Equal(2, links.Count(link => link.GetProperty("url").GetString()!.Contains("/kill/", StringComparison.Ordinal)
            && link.GetProperty("outcome").GetString() == "damaged" && link.GetProperty("detail").GetString() == "kills the program that decodes it"));
        Assert.Equal(25, run.Event("run_done").GetProperty("kept").GetInt32());
        Assert.Empty(Tree.Temporary(_folder["data"]));
    }
}
