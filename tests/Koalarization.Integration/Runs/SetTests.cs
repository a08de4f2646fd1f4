using System.Text.Json;

namespace Koalarization.Integration.Runs;

/// <summary>A finished set of two rounds with five records, for tests of what is done with one.</summary>
public abstract class SetTests : IAsyncLifetime
{
    private PictureWeb _web = null!;

    internal TemporaryFolder Folder { get; } = new();

    internal string Data => Folder["data"];

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(Folder["links.txt"], _web.Links(40).Concat(Enumerable.Range(0, 15).Select(i => $"{_web.Root}/late/{i}.jpg")));
        await RunAsync();
        _web.Late = true;
        KoalaRun second = await RunAsync("--retry-failed");
        Assert.Equal(5, second.Event("run_done").GetProperty("records").GetInt32());
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        Folder.Dispose();
    }

    internal Task<KoalaRun> RunAsync(params string[] options) => KoalaProcess.RunAsync(
        Folder.Path, ["run", "links.txt", "data", "--allow-private", "--device", "simulated", "--batch-size", "10", "--json", .. options]);

    internal Task<KoalaRun> KoalaAsync(params string[] words) => KoalaProcess.RunAsync(Folder.Path, [.. words, "--json"]);

    internal string Record(int number) => Path.Combine(Data, "tfrecords", $"lab_images_{number}.tfrecord");

    /// <summary>Changes one byte of a file.</summary>
    internal static void Flip(string path, int? at = null)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[at ?? (bytes.Length / 2)] ^= 0x04;
        File.WriteAllBytes(path, bytes);
    }

    internal static string Text(JsonElement told, string name) => told.GetProperty(name).GetString()!;
}
