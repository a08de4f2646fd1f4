using System.Diagnostics;

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
        string page = File.ReadAllText(_folder["first/index.html"]);
        Assert.Contains("random", page, StringComparison.Ordinal);

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
