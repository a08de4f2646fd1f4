namespace Koalarization.Integration.Runs;

/// <summary>A device that fails while a run is using it.</summary>
public sealed class DeviceLossTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], _web.Links(40));
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_run_ends_with_the_reason_and_the_same_line_goes_on_with_a_sound_device()
    {
        string[] line = ["run", "links.txt", "data", "--allow-private", "--json", "--device", "simulated", "--batch-size", "10", "--max-batch", "4"];
        KoalaRun lost = await KoalaProcess.RunFaultyAsync(_folder.Path, new() { ["KOALA_TEST_DEVICE_BATCHES"] = "1" }, line);
        Assert.True(lost.ExitCode == 3, lost.Output + lost.Errors);
        Assert.Equal("the device has fallen off the bus.", lost.Event("command_failed").GetProperty("error").GetString());
        Assert.Empty(Tree.Temporary(_folder["data"]));

        KoalaRun sound = await KoalaProcess.RunAsync(_folder.Path, line);
        Assert.Equal(sound.Event("run_done").GetProperty("kept").GetInt32(), sound.Event("run_done").GetProperty("processed").GetInt32());
        Assert.Equal(3, sound.Event("run_done").GetProperty("records").GetInt32());
    }
}
