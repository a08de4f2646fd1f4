using System.Diagnostics;
using System.Text.Json;
using Koalarization.Integration.Pages;

namespace Koalarization.Integration;

public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_demo_makes_records_a_page_and_a_reader()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "demo", "first", "--json");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(run.Event("demo_done").GetProperty("expected").GetInt32(), run.Event("demo_done").GetProperty("pictures").GetInt32());
        Assert.Equal(3, run.Events.Count(e => e.GetProperty("event").GetString() == "command_run"));
        AssertPage(new PageHtml(File.ReadAllText(_folder["first/index.html"])), run);

        foreach (string outcome in new[] { "not_found", "timeout", "redirects", "not_jpeg", "damaged", "server_error", "empty" })
        {
            Assert.Contains(run.Events, e => e.GetProperty("event").GetString() == "link_done" && e.GetProperty("outcome").GetString() == outcome);
        }

        if (HasNumPy())
        {
            using Process python = Process.Start(
                new ProcessStartInfo("/usr/bin/python3", ["first/read_records.py", "first/data/tfrecords"])
                {
                    UseShellExecute = false,
                    WorkingDirectory = _folder.Path,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
            KoalaRun read = await KoalaProcess.EndAsync(python);
            Assert.True(read.ExitCode == 0, read.Errors);
        }
    }

    // The page tells of the kill, of what followed, of each link without a picture, and shows each picture with its URL.
    private static void AssertPage(PageHtml page, KoalaRun run)
    {
        page.AssertSafe();
        JsonElement killed = run.Event("demo_killed");
        Assert.Contains($"with {killed.GetProperty("pictures").GetInt32()} of 30 pictures fetched.", Assert.Single(page.Texts("span", "warn")), StringComparison.Ordinal);
        string[] steps = [.. page.Texts("span", "plain")];
        Assert.Contains("with 30 of 30 pictures in 2 files.", steps[0], StringComparison.Ordinal);
        Assert.EndsWith("the data set is whole.", steps[1], StringComparison.Ordinal);
        JsonElement[] failed = [.. run.Events.Where(e => e.GetProperty("event").GetString() == "link_done" && e.GetProperty("outcome").GetString() != "kept")];
        string[] cells = [.. page.Texts("td")];
        Assert.Equal(13, cells.Length / 3);
        Assert.Equal(13, cells.Where((_, i) => i % 3 == 1).Count(outcome => failed.Any(e => e.GetProperty("outcome").GetString() == outcome)));
        Assert.Contains(cells, cell => cell == "httpx://koala.invalid/koala-00.jpg");
        Assert.Equal(30, page.Texts("p", "of").Count(url => url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)));
        Assert.Equal(60, page.Count("img"));
        Assert.Contains(page.Texts("p", "warn"), text => text.Contains("random", StringComparison.Ordinal));
        Assert.Empty(page.Values("href"));
    }

    private static bool HasNumPy()
    {
        try
        {
            using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", "import numpy"]) { UseShellExecute = false, RedirectStandardError = true })!;
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
