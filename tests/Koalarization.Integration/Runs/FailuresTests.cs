using System.Text.Json;

namespace Koalarization.Integration.Runs;

public sealed class FailuresTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], _web.Links(80).Append("http://localhost.invalid/a,b\".jpg"));
        await KoalaProcess.RunAsync(_folder.Path, "run", "links.txt", "data", "--allow-private", "--device", "simulated", "--json");
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reasons_and_hosts_are_counted_with_examples()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "failures", "data", "--json");
        Assert.Equal(0, run.ExitCode);
        JsonElement[] reasons = [.. run.Events.Where(e => e.GetProperty("event").GetString() == "failure_reason")];
        Assert.Equal(
            ["damaged 10", "not_found 10", "not_jpeg 10"],
            reasons.Take(3).Select(reason => $"{reason.GetProperty("outcome").GetString()} {reason.GetProperty("links").GetInt64()}"));
        Assert.All(reasons, reason => Assert.NotEmpty(reason.GetProperty("examples").EnumerateArray()));
        JsonElement host = run.Events.First(e => e.GetProperty("event").GetString() == "failure_host");
        Assert.Equal(("127.0.0.1", 30), (host.GetProperty("host").GetString(), host.GetProperty("links").GetInt32()));
        JsonElement done = run.Event("failures_done");
        Assert.Equal((81, 31), (done.GetProperty("links").GetInt32(), done.GetProperty("failed").GetInt32()));
    }

    [Fact]
    public async Task As_csv_every_failed_link_has_a_line_and_no_other()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "failures", "data", "--csv");
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("name,url,host,round,outcome,detail", lines[0]);
        Assert.Equal(31, lines.Length - 1);
        Assert.DoesNotContain("/picture/", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"http://localhost.invalid/a,b\"\".jpg\",localhost.invalid,1,", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_is_none_of_ours_is_refused()
    {
        File.WriteAllText(_folder["data/index.csv"], "name,url\na,b\n");
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "failures", "data");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("not an index", run.Errors, StringComparison.Ordinal);
    }
}
