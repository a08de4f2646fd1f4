using System.Diagnostics;

namespace Koalarization.Integration.Runs;

/// <summary>What a person sees on a machine that has no network at all.</summary>
public sealed class NoNetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public NoNetworkTests() => File.WriteAllLines(
        _folder["links.txt"], Enumerable.Range(0, 30).Select(i => $"https://images.example.org/photos/{i}/download?force=true"));

    public void Dispose() => _folder.Dispose();

    [RootFact("taking the network away")]
    public async Task It_says_so_waits_and_nothing_is_lost()
    {
        using Process process = KoalaProcess.StartWithoutNetwork(_folder.Path, "run", "links.txt", "data", "-c", "random:0");
        process.StandardInput.Close();
        string said = "";
        while (!said.Contains("Name lookups fail", StringComparison.Ordinal))
        {
            string? line = await process.StandardError.ReadLineAsync();
            Assert.NotNull(line);
            said = line;
        }

        Assert.Contains("Fetching is paused until the network is back", said);
        Assert.Contains("--probe URL", said);
        Signals.Interrupt(process);
        Assert.Equal(130, (await KoalaProcess.EndAsync(process)).ExitCode);
        Assert.Empty(Tree.Temporary(_folder["data"]));
        Assert.False(Directory.Exists(_folder["data/.koala/slices"]));
    }

    [RootFact("taking the network away")]
    public async Task A_checkpoint_or_a_list_that_cannot_be_had_is_one_sentence()
    {
        Assert.Equal(
            "koala: https://storage.googleapis.com/download.tensorflow.org/models/inception_resnet_v2_2016_08_30.tar.gz: its host cannot be looked up; without a network, name a checkpoint on this machine.\n",
            await ErrorsAsync("run", "links.txt", "data", "--precision", "fp32"));
        Assert.Equal(
            "koala: The link list http://lists.example.org/links.txt cannot be read: its host cannot be looked up (is there a network?).\n",
            await ErrorsAsync("run", "http://lists.example.org/links.txt", "data", "-c", "random:0"));
    }

    private async Task<string> ErrorsAsync(params string[] words)
    {
        using Process process = KoalaProcess.StartWithoutNetwork(_folder.Path, words);
        process.StandardInput.Close();
        KoalaRun run = await KoalaProcess.EndAsync(process);
        Assert.Equal(3, run.ExitCode);
        return run.Errors;
    }
}
