using Xunit.Abstractions;

namespace Koalarization.Integration.Runs;

/// <summary>A run, killed at any moment.</summary>
public sealed class KilledRunTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Views = ["dataset.json", "index.csv"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_killed_again_and_again_ends_in_the_set_of_an_undisturbed_one()
    {
        await using PictureWeb web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], web.Links(600));
        var moments = new KillMoments(_folder.Path, folder =>
        [
            "run", "links.txt", folder, "--allow-private", "--json", "--device", "simulated:400", "--batch-size", "40", "--image-name-prefix", "data/resized/",
        ])
        {
            Tree = Tree.OfResults,
            Views = Views,
            Finished = VerifyAsync,
        };

        int kills = await moments.AssertNothingIsLostAsync(exitCode: 0);

        output.WriteLine($"killed {kills} times");
        Assert.NotEqual(0, kills);
    }

    private async Task VerifyAsync(string data)
    {
        KoalaRun verified = await KoalaProcess.RunAsync(_folder.Path, "verify", data, "--json");
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Errors);
    }
}
