using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Integration;

public sealed class DownloadTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication _server = null!;
    private int _requests;

    public async Task InitializeAsync()
    {
        _server = LoopbackServer.Create(AnswerAsync);
        await _server.StartAsync();
        string root = _server.Urls.Single();
        File.WriteAllLines(
            _folder["links.txt"],
            ["# pictures", $"n0_1 {root}/coffee.jpg?1", "", $"{root}/gone.jpg", $"two words {root}/png.jpg", $"{root}/coffee.jpg?2", $"{root}/cut.jpg", "no link here"]);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_link_ends_in_its_outcome_and_good_pictures_are_stored_as_received()
    {
        KoalaRun run = await DownloadAsync();
        Assert.Equal(0, run.ExitCode);
        string[] outcomes = [.. Links(run).Select(e => e.GetProperty("outcome").GetString()!).Order(StringComparer.Ordinal)];
        Assert.Equal(["damaged", "kept", "kept", "not_found", "not_jpeg"], outcomes);
        Assert.Equal(1, run.Event("download_done").GetProperty("unusable_lines").GetInt64());
        string[] stored = Directory.GetFiles(_folder["original"]);
        Assert.Equal(2, stored.Length);
        Assert.All(stored, file => Assert.Equal(Golden.Bytes("pictures/coffee_500x375.jpeg"), File.ReadAllBytes(file)));
    }

    [Fact]
    public async Task A_picture_that_is_there_is_not_fetched_again()
    {
        await DownloadAsync();
        int before = _requests;
        KoalaRun run = await DownloadAsync();
        Assert.Equal(2, run.Event("download_done").GetProperty("already_there").GetInt64());
        Assert.Equal(before + 3, _requests);
    }

    [Fact]
    public async Task Skip_and_count_are_of_links_not_of_lines()
    {
        KoalaRun run = await DownloadAsync("-s", "1", "-c", "2");
        string[] outcomes = [.. Links(run).Select(e => e.GetProperty("outcome").GetString()!).Order(StringComparer.Ordinal)];
        Assert.Equal(["not_found", "not_jpeg"], outcomes);
    }

    [Theory]
    [InlineData("100%", 0)]
    [InlineData("60%", 0)]
    [InlineData("59%", 1)]
    [InlineData("3", 0)]
    [InlineData("2", 1)]
    public async Task More_dead_links_than_allowed_are_the_exit_code_1(string max, int exitCode) =>
        Assert.Equal(exitCode, (await DownloadAsync("--max-failures", max)).ExitCode);

    [Fact]
    public async Task Refused_addresses_are_told_with_the_option_that_fetches_them()
    {
        foreach (string[] words in (string[][])[["download", "links.txt", "original"], ["run", "links.txt", "data", "--until", "download"]])
        {
            KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, words);
            Assert.Contains("links lead to addresses that are not of the open web", run.Output, StringComparison.Ordinal);
            Assert.Contains("--allow-private", run.Output, StringComparison.Ordinal);
        }

        KoalaRun allowed = await KoalaProcess.RunAsync(_folder.Path, "download", "links.txt", "original", "--allow-private");
        Assert.DoesNotContain("lead to addresses", allowed.Output, StringComparison.Ordinal);
        KoalaRun resized = await KoalaProcess.RunAsync(_folder.Path, "run", "links.txt", "data", "--until", "resize");
        Assert.Contains("run the same command with --allow-private", resized.Output, StringComparison.Ordinal);
        KoalaRun again = await KoalaProcess.RunAsync(_folder.Path, "run", "links.txt", "data", "--until", "resize", "--allow-private");
        Assert.DoesNotContain("lead to addresses", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loopback_is_refused_unless_allowed()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "download", "links.txt", "original", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.All(Links(run), e => Assert.Equal("address_refused", e.GetProperty("outcome").GetString()));
        Assert.Equal(0, _requests);
    }

    private static IEnumerable<JsonElement> Links(KoalaRun run) => run.Events.Where(e => e.GetProperty("event").GetString() == "link_done");

    private Task<KoalaRun> DownloadAsync(params string[] options) =>
        KoalaProcess.RunAsync(_folder.Path, ["download", "links.txt", "original", "--allow-private", "--json", .. options]);

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        string? file = context.Request.Path.Value switch
        {
            "/coffee.jpg" => "pictures/coffee_500x375.jpeg",
            "/png.jpg" => "bad/png.jpeg",
            "/cut.jpg" => "bad/truncated_half.jpeg",
            _ => null,
        };
        if (file is null)
        {
            context.Response.StatusCode = 404;
            return;
        }

        await context.Response.Body.WriteAsync(Golden.Bytes(file));
    }
}
