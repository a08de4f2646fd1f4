using Koalarization.Hostile;

namespace Koalarization.Integration;

/// <summary>The real program against the web at its worst.</summary>
public sealed class HostileWebTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private HostileWeb _web = null!;

    public async Task InitializeAsync() => _web = await HostileWeb.StartAsync();

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_link_of_a_hostile_web_ends_in_its_outcome_and_every_good_picture_is_kept_to_the_byte()
    {
        // Both lists at once: the second has what asks for more patience than a test has, and gets one try only.
        HostileEndpoint[] impatient = [.. Tested.Where(endpoint => endpoint.AsksForLongPause && endpoint.Kept is null)];
        Task<KoalaRun> second = DownloadAsync("impatient", impatient, "--tries", "1");
        HostileEndpoint[] max = [.. Tested.Where(endpoint => !endpoint.AsksForLongPause)];
        KoalaRun run = await DownloadAsync("most", max, "--tries", "2");
        AssertNone(HostileOutcomes.Faults(max, run, _folder["most"]));
        AssertNone(HostileOutcomes.Faults(impatient, await second, _folder["impatient"]));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(HostileLinks.UnusableLines, run.Event("download_done").GetProperty("unusable_lines").GetInt32());
        Assert.Equal(max.Count(endpoint => endpoint.Kept is not null), run.Event("download_done").GetProperty("kept").GetInt32());
        Assert.Empty(run.Errors);
        Assert.Equal(0, _web.Strays);
    }

    [Fact]
    public async Task A_run_that_resizes_makes_the_same_of_them()
    {
        HostileEndpoint[] max = [.. Tested.Where(endpoint => !endpoint.AsksForLongPause)];
        File.WriteAllText(_folder["links.txt"], _web.Links.TextOf(max));
        KoalaRun run = await RunAsync("run", "links.txt", "data", "--until", "resize", "--tries", "2");
        AssertNone(HostileOutcomes.Faults(max, run, _folder["data/original"]));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            max.Where(endpoint => endpoint.Kept is not null).Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder["data/resized"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(HostileOutcomes.LeftBehind(_folder["data"]));
    }

    [Fact]
    public async Task Without_permission_for_private_addresses_nothing_is_connected_to()
    {
        File.WriteAllText(_folder["links.txt"], _web.LinksText);
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "download", "links.txt", "pictures", "--json");
        HostileEndpoint[] refused = [.. _web.Endpoints.Select(endpoint => endpoint.Refused())];
        AssertNone(HostileOutcomes.Faults(refused, run, _folder["pictures"]));
        Assert.Equal(0, _web.Connections);
        Assert.Equal(1, run.ExitCode);
    }

    // Without libturbojpeg some pictures are not read as well.
    private IEnumerable<HostileEndpoint> Tested => _web.Endpoints.Where(endpoint => !endpoint.NeedsTurboJpeg || TurboJpegFactAttribute.IsInstalled);

    private static void AssertNone(IReadOnlyList<string> faults) => Assert.True(faults.Count == 0, string.Join('\n', faults));

    private Task<KoalaRun> DownloadAsync(string name, IReadOnlyList<HostileEndpoint> endpoints, params string[] options)
    {
        File.WriteAllText(_folder[name + ".txt"], _web.Links.TextOf(endpoints));
        return RunAsync(["download", name + ".txt", name, .. options]);
    }

    private Task<KoalaRun> RunAsync(params string[] words) => KoalaProcess.RunAsync(
        _folder.Path,
        new() { ["SSL_CERT_FILE"] = _web.AuthorityFile },
        [
            .. words, "--json", "--allow-private", "--connect-timeout", "3", "--first-byte-timeout", "4", "--timeout", "8", "--max-bytes", "2000000",
        ]);
}
