using Koalarization.Integration.Runs;
using Xunit.Abstractions;

namespace Koalarization.Integration;

/// <summary>The plain steps, killed at any moment.</summary>
public sealed class KilledStepTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_that_is_killed_again_and_again_has_every_picture_in_the_end()
    {
        await using PictureWeb web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], web.Links(160));
        await KillAsync(exitCode: 0, folder => ["download", "links.txt", folder, "--allow-private", "--json"]);
    }

    [Fact]
    public async Task A_resize_that_is_killed_again_and_again_has_every_picture_in_the_end()
    {
        string source = Directory.CreateDirectory(_folder["source"]).FullName;
        string[] pictures = Directory.GetFiles(Golden.PathOf("pictures"));
        for (int i = 0; i < 100; i++)
        {
            File.Copy(pictures[i % pictures.Length], Path.Combine(source, $"{i}.jpeg"));
        }

        await KillAsync(exitCode: 0, folder => ["resize", "source", folder, "--json"]);
    }

    [Fact]
    public async Task Records_are_those_of_an_undisturbed_run_however_often_lab_batch_is_killed()
    {
        string resized = Golden.PathOf("resized_299x299/files");
        await KillAsync(exitCode: 0, folder => ["lab-batch", resized, folder, "--device", "simulated:60", "-b", "4", "--json"]);
    }

    private async Task KillAsync(int exitCode, Func<string, string[]> words)
    {
        int kills = await new KillMoments(_folder.Path, words).AssertNothingIsLostAsync(exitCode);
        output.WriteLine($"killed {kills} times");
        Assert.NotEqual(0, kills);
    }
}
