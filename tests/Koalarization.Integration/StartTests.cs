using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Koalarization.Integration.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Integration;

/// <summary>What is checked before anything is written or joined.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _store;

    public StartTests()
    {
        _store = Directory.CreateDirectory(_folder["store"]).FullName;
        string pictures = Directory.CreateDirectory(_folder["pictures"]).FullName;
        foreach (string file in Directory.GetFiles(Golden.PathOf("resized_299x299/files")).Order(StringComparer.Ordinal).Take(3))
        {
            File.Copy(file, Path.Combine(pictures, Path.GetFileName(file)));
        }

        File.WriteAllText(_folder["links.txt"], "http://127.0.0.1:1/a.jpg\n");
        File.WriteAllText(_folder["empty.txt"], "");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("empty.txt", "random:0", "has no link in it")]
    [InlineData("links.txt", "nowhere.ckpt", "nowhere.ckpt")]
    [InlineData("links.txt", "links.txt", "links.txt")]
    public async Task A_run_that_is_refused_leaves_nothing(string links, string checkpoint, string part)
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "run", links, "data", "-c", checkpoint);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains(part, run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task The_three_steps_go_on_in_a_folder_where_a_run_was_refused()
    {
        Assert.Equal(0, (await KoalaProcess.RunAsync(_folder.Path, "resize", "pictures", "data/resized")).ExitCode);
        Assert.Equal(3, (await KoalaProcess.RunAsync(_folder.Path, "run", "links.txt", "data", "-c", "nowhere.ckpt")).ExitCode);
        Assert.False(Directory.Exists(_folder["data/.koala"]));
        KoalaRun records = await KoalaProcess.RunAsync(_folder.Path, "lab-batch", "data/resized", "data/tfrecords", "--device", "simulated");
        Assert.True(records.ExitCode == 0, records.Errors);
        Assert.Contains("3 of 3 pictures", records.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_takes_what_lies_in_a_set_whose_run_never_came_to_a_picture()
    {
        Assert.Equal(0, (await KoalaProcess.RunAsync(_folder.Path, "resize", "pictures", "data/resized")).ExitCode);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        File.WriteAllText(_folder["silent.txt"], $"http://{silent.LocalEndpoint}/a.jpg\n");
        using (Process run = KoalaProcess.Start(_folder.Path, "run", "silent.txt", "data", "--until", "resize", "--allow-private", "--first-byte-timeout", "60"))
        {
            await KoalaProcess.UntilAsync(() => File.Exists(_folder["data/.koala/rounds/1.open.json"]));
            run.Kill();
            await run.WaitForExitAsync();
        }

        KoalaRun small = await KoalaProcess.RunAsync(_folder.Path, "resize", "data/resized", "small", "-s", "100");
        Assert.Equal(0, small.ExitCode);
        Assert.Contains("3 of 3", small.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_inside_another_set_is_refused()
    {
        Assert.Equal(0, (await KoalaProcess.RunAsync(_folder.Path, "run", "pictures", "data", "--device", "simulated")).ExitCode);
        KoalaRun inside = await KoalaProcess.RunAsync(_folder.Path, "run", "pictures", "data/resized/more", "--device", "simulated");
        Assert.Equal(3, inside.ExitCode);
        Assert.Contains($"data/resized/more is inside the data set {_folder["data"]}; choose a folder outside of it.", inside.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data/resized/more"]));
    }

    [Fact]
    public async Task A_later_run_says_which_options_of_the_set_it_goes_on_with()
    {
        Assert.Equal(0, (await KoalaProcess.RunAsync(_folder.Path, "run", "pictures", "data", "--device", "simulated", "-b", "2", "--count", "3")).ExitCode);
        KoalaRun later = await KoalaProcess.RunAsync(_folder.Path, "run", "pictures", "data", "--device", "simulated");
        Assert.Equal(0, later.ExitCode);
        Assert.Contains(
            "data goes on with the options that it was begun with: --count 3, --batch-size 2 (given now: --device simulated).", later.Errors, StringComparison.Ordinal);
        KoalaRun same = await KoalaProcess.RunAsync(_folder.Path, "run", "pictures", "data", "--device", "simulated", "-b", "2", "--count", "3");
        Assert.DoesNotContain("goes on with", same.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_run_says_how_the_set_reads_its_list()
    {
        File.WriteAllText(_folder["list"], "url,caption\nhttp://127.0.0.1:1/a.jpg,one\n");
        await KoalaProcess.RunAsync(_folder.Path, "run", "list", "data", "--device", "simulated", "--tries", "1", "--format", "csv", "--url-column", "url");
        KoalaRun later = await KoalaProcess.RunAsync(_folder.Path, "run", "list", "data", "--device", "simulated");
        Assert.Contains("--format csv, --url-column url", later.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_place_of_a_folder_is_named()
    {
        Directory.CreateDirectory(_folder["data"]);
        File.WriteAllText(_folder["data/.koala"], "");
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "run", "pictures", "data", "--device", "simulated");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("data/.koala is a file, and a folder is needed there; move it away, or choose another folder.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_temporary_folder_that_cannot_be_written_is_named()
    {
        await using WebApplication server = LoopbackServer.Create(http => http.Response.WriteAsync("http://127.0.0.1:1/a.jpg\n"));
        await server.StartAsync();
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, new Dictionary<string, string> { ["TMPDIR"] = _folder["nowhere"] }, "download", $"{server.Urls.First()}/list.txt", "out", "--allow-private");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains($"no temporary file can be made in {_folder["nowhere"]}/; set TMPDIR to a folder that can be written.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, "completion bash", "only 40 files may be open at once, and the program needs 64")]
    [InlineData(64, "run pictures data", "only 64 files may be open at once, and koala run needs 320; raise the limit, for example with 'ulimit -n 4096'")]
    [InlineData(128, "lab-batch pictures out", "only 128 files may be open at once, and koala lab-batch needs 160")]
    public async Task Too_few_open_files_are_said_at_once(int limit, string words, string part)
    {
        KoalaRun run = await KoalaProcess.RunShellAsync(_folder.Path, $"ulimit -n {limit}; $KOALA {words}");
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("koala: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(part, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Fewer_links_are_fetched_at_once_where_few_files_may_be_open()
    {
        KoalaRun run = await KoalaProcess.RunShellAsync(_folder.Path, "ulimit -n 400; $KOALA download links.txt out --allow-private --tries 1");
        Assert.Contains("Only 400 files may be open at once, so 40 links are fetched at once, not 256", run.Errors, StringComparison.Ordinal);
        KoalaRun doctor = await KoalaProcess.RunShellAsync(_folder.Path, "ulimit -n 400; $KOALA doctor");
        Assert.Contains("warning files        400 may be open at once: up to 40 links fetched at once (--parallel)", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_HTTP_port_ends_a_node_before_it_joins()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        KoalaRun node = await KoalaProcess.RunAsync(_folder.Path, "node", "--roles", "control", "--store", "store", "--port", "0", "--http", $"{port}");
        Assert.Equal(3, node.ExitCode);
        Assert.Equal($"koala: port {port} of 127.0.0.1, for the HTTP API, is in use; choose another one with --http.\n", node.Errors);
        Assert.False(File.Exists(_folder["store/.koala/members.json"]));
    }

    [Fact]
    public async Task What_killed_starts_of_nodes_left_in_the_store_is_removed()
    {
        string old = Directory.CreateDirectory(Path.Combine(_store, ".koala/probe-dead/probe")).Parent!.FullName;
        string young = Directory.CreateDirectory(Path.Combine(_store, ".koala/probe-young")).FullName;
        Directory.SetLastWriteTimeUtc(old, DateTime.UnixEpoch);
        await KoalaProcess.RunAsync(_folder.Path, "node", "--roles", "fetch", "--store", "store", "--host", "192.0.2.1", "--insecure");
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(young));
    }

    [Fact]
    public async Task A_seed_by_address_is_told_the_name_that_the_node_goes_by()
    {
        int port = FreePorts.Take();
        using Process joining = KoalaProcess.Start(_folder.Path, "node", "--roles", "fetch", "--store", "store", "--port", "0", "--seed", $"127.0.0.1:{port}");

        // There is no cluster yet when it looks for the first time.
        string? line;
        while (!(line = await joining.StandardError.ReadLineAsync())?.Contains("Not in a cluster after 10 s: no answer", StringComparison.Ordinal) ?? false)
        {
        }

        Assert.NotNull(line);
        Task<KoalaRun> joined = KoalaProcess.EndAsync(joining);
        using Process control = KoalaProcess.Start(
            _folder.Path, "node", "--roles", "control", "--store", "store", "--port", $"{port}", "--http", "0", "--public-host", "localhost");
        Task<KoalaRun> founded = KoalaProcess.EndAsync(control);

        // It joins by the name in the store, when it has told both.
        await KoalaProcess.UntilAsync(() => File.Exists(_folder["store/.koala/members.json"]) && File.ReadAllText(_folder["store/.koala/members.json"]).Contains("127.0.0.1:", StringComparison.Ordinal));
        Signals.Terminate(joining);
        Signals.Terminate(control);
        string told = (await joined).Errors;
        Assert.Contains($"--seed names 127.0.0.1:{port}, and the nodes of this store go by localhost:{port}", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Dropping message", (await founded).Errors, StringComparison.Ordinal);
    }
}
