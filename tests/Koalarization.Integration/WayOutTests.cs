using Koalarization.Hostile;
using Koalarization.Hostile.Serving;

namespace Koalarization.Integration;

/// <summary>Proxies and further authorities, which belong to a machine and not to a job.</summary>
public sealed class WayOutTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private HostileWeb _web = null!;

    public async Task InitializeAsync() => _web = await HostileWeb.StartAsync(goodPictures: 2);

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Links_go_through_the_proxy_of_the_option_or_of_the_variables_and_its_password_is_never_shown()
    {
        await using var proxy = new TestProxy();
        string url = $"http://user:hidden@{proxy.Authority}";
        File.WriteAllLines(_folder["links.txt"], [$"{_web.Root}/many/0.jpg", $"{_web.Root}/many/1.jpg"]);
        string[] words = ["run", "links.txt", "data", "--until", "resize", "--allow-private", "--json"];

        KoalaRun first = await KoalaProcess.RunAsync(_folder.Path, [.. words, "--proxy", url]);
        KoalaRun again = await KoalaProcess.RunAsync(_folder.Path, [.. words, "--proxy", url]);
        KoalaRun byVariable = await KoalaProcess.RunAsync(_folder.Path, new Dictionary<string, string> { ["http_proxy"] = url }, "download", "links.txt", "out", "--allow-private", "--json");
        int asked = proxy.Asked.Count;
        KoalaRun direct = await KoalaProcess.RunAsync(
            _folder.Path, new Dictionary<string, string> { ["HTTP_PROXY"] = url, ["all_proxy"] = url, ["no_proxy"] = "127.0.0.0/8" }, "download", "links.txt", "direct", "--allow-private", "--json");

        Assert.Equal([2, 2, 2], new[] { first.Event("run_done"), byVariable.Event("download_done"), direct.Event("download_done") }.Select(done => done.GetProperty("kept").GetInt32()));
        Assert.Equal((4, 4), (asked, proxy.Asked.Count));
        Assert.Contains($"Links are fetched through http://{proxy.Authority} (--proxy).", first.Output, StringComparison.Ordinal);
        Assert.Contains($"Links are fetched through http://{proxy.Authority} (http_proxy).", byVariable.Output, StringComparison.Ordinal);
        Assert.All([first, again, byVariable, direct], run => Assert.DoesNotContain("hidden", run.Output + run.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_authority_of_a_file_is_trusted_and_a_fault_of_the_file_is_said_before_anything_is_written()
    {
        File.WriteAllText(_folder["links.txt"], _web.Endpoints.Single(endpoint => endpoint.Url.EndsWith("/tls/good", StringComparison.Ordinal)).Url);
        File.WriteAllText(_folder["empty.pem"], "none");
        string[] words = ["download", "links.txt", "out", "--allow-private", "--tries", "1", "--json"];

        KoalaRun missing = await KoalaProcess.RunAsync(_folder.Path, [.. words, "--ca-file", "nowhere.pem"]);
        KoalaRun empty = await KoalaProcess.RunAsync(_folder.Path, [.. words, "--ca-file", "empty.pem"]);
        Assert.False(Directory.Exists(_folder["out"]));
        KoalaRun refused = await KoalaProcess.RunAsync(_folder.Path, words);
        KoalaRun trusted = await KoalaProcess.RunAsync(_folder.Path, [.. words, "--ca-file", _web.AuthorityFile]);

        Assert.Equal((2, 2, 0), (missing.ExitCode, empty.ExitCode, trusted.ExitCode));
        Assert.Contains("there is no such file", missing.Output + missing.Errors, StringComparison.Ordinal);
        Assert.Contains("no certificate in PEM", empty.Output + empty.Errors, StringComparison.Ordinal);
        Assert.Contains("its authority is unknown", refused.Output, StringComparison.Ordinal);
        Assert.Equal(1, trusted.Event("download_done").GetProperty("kept").GetInt32());
    }
}
