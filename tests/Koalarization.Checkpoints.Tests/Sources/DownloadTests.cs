using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Koalarization.Checkpoints.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Koalarization.Checkpoints.Tests.Sources;

public sealed class DownloadTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly WebApplication _server;
    private RequestDelegate _answer = context => context.Response.Body.WriteAsync(Single).AsTask();
    private int _requests;

    public DownloadTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            return _answer(context);
        });
    }

    private static byte[] Single { get; } = Golden.Bytes("checkpoints/v1_single.ckpt");

    private string Url => _server.Urls.First() + "/models/network.tar.gz?version=1";

    public Task InitializeAsync() => _server.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_single_file_is_downloaded_once_with_progress()
    {
        _answer = context =>
        {
            context.Response.ContentLength = Single.Length;
            return context.Response.Body.WriteAsync(Single).AsTask();
        };
        var progress = new Recorded();
        ResolvedCheckpoint first = await Locator().ResolveAsync(Url, null, progress, default);
        ResolvedCheckpoint second = await Locator().ResolveAsync(Url, null, null, default);
        Assert.Equal((Single.Length, null), (first.Downloaded, second.Downloaded));
        Assert.Equal(first with { Downloaded = null }, second);
        Assert.Equal(new DownloadProgress(0, Single.Length), progress.Values[0]);
        Assert.Equal(1, _requests);
        Assert.Equal(Sha256Of(Single), first.SourceSha256);
        Assert.Equal(new DownloadProgress(Single.Length, Single.Length), progress.Values[^1]);
        using var checkpoint = Checkpoint.Open(first.Path);
        GoldenCheckpoint.AssertEqual("v1_single", checkpoint);
    }

    [Fact]
    public async Task An_archive_is_downloaded_and_unpacked()
    {
        byte[] archive = TarGz.Of(TarGz.Checkpoint("v2_sharded"));
        _answer = context => context.Response.Body.WriteAsync(archive).AsTask();
        ResolvedCheckpoint resolved = await Locator().ResolveAsync(Url, Sha256Of(archive), null, default);
        using var checkpoint = Checkpoint.Open(resolved.Path);
        GoldenCheckpoint.AssertEqual("v2_sharded", checkpoint);
    }

    [Fact]
    public async Task Many_at_once_give_one_whole_checkpoint()
    {
        ResolvedCheckpoint[] resolved = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Locator().ResolveAsync(Url, null, null, default)));
        Assert.Single(resolved.Select(one => one.Path).Distinct());
        using var checkpoint = Checkpoint.Open(resolved[0].Path);
        GoldenCheckpoint.AssertEqual("v1_single", checkpoint);
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_download_that_breaks_off_leaves_nothing()
    {
        // An orderly end, after which the client still reads all that was sent: an abort may take it away unread.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task server = Task.Run(async () =>
        {
            using Socket connection = await listener.AcceptSocketAsync();
            await connection.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Single.Length}\r\n\r\n"));
            await connection.SendAsync(Single.AsMemory(0, 1000));
            connection.Shutdown(SocketShutdown.Send);
            while (await connection.ReceiveAsync(new byte[4096]) > 0)
            {
            }
        });
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(
            () => Locator().ResolveAsync($"http://{listener.LocalEndpoint}/single.ckpt", null, null, default));
        await server;
        AssertNothingLeft();
        Assert.Equal(CheckpointCheck.Download, error.Check);
        Assert.Equal($"the download broke off after 1,000 of {Single.Length:N0} bytes: the server closed the connection; start it again", error.Fault);
        Assert.Equal(["tmp"], Directory.GetFileSystemEntries(_folder["checkpoints"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_in_plain_words()
    {
        string url = Url;
        await _server.StopAsync();
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => Locator().ResolveAsync(url, null, null, default));
        Assert.Equal("its host accepts no connection at that port", error.Fault);
    }

    [Fact]
    public async Task Without_room_for_what_is_announced_nothing_is_downloaded()
    {
        const long Announced = 1L << 60;
        _answer = context =>
        {
            context.Response.ContentLength = Announced;
            return context.Response.Body.FlushAsync();
        };
        var large = new CheckpointLocator(_http, TimeProvider.System, new CheckpointLocatorOptions { CacheFolder = _folder.Path, MaxBytes = long.MaxValue });
        var progress = new Recorded();
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => large.ResolveAsync(Url, null, progress, default));
        Assert.Equal(CheckpointCheck.Cache, error.Check);
        Assert.Contains("MB are free; free some space", error.Message, StringComparison.Ordinal);
        Assert.Empty(progress.Values);
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_download_that_stalls_ends()
    {
        var stuck = new TaskCompletionSource();
        var clock = new FakeTimeProvider();
        var patient = new CheckpointLocatorOptions { CacheFolder = _folder.Path, StallTimeout = TimeSpan.FromDays(1) };
        _answer = async context =>
        {
            await context.Response.Body.WriteAsync(Single.AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            await stuck.Task;
        };
        var progress = new Recorded(_ => clock.Advance(TimeSpan.FromDays(1)));
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(
            () => new CheckpointLocator(_http, clock, patient).ResolveAsync(Url, null, progress, default));
        stuck.SetResult();
        Assert.Equal(CheckpointCheck.Download, error.Check);
    }

    [Fact]
    public async Task An_answer_other_than_success_is_told()
    {
        _answer = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        CheckpointException error = await Fault();
        Assert.Equal(CheckpointCheck.Download, error.Check);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_checkpoint_is_not_cached()
    {
        _answer = context => context.Response.WriteAsync("<html>" + new string('x', 100));
        Assert.Equal(CheckpointCheck.NotACheckpoint, (await Fault()).Check);
        Assert.Equal(["tmp"], Directory.GetFileSystemEntries(_folder["checkpoints"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_download_over_the_limit_ends()
    {
        var small = new CheckpointLocator(_http, TimeProvider.System, new CheckpointLocatorOptions { CacheFolder = _folder.Path, MaxBytes = 10_000 });
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => small.ResolveAsync(Url, null, null, default));
        Assert.Equal(CheckpointCheck.TooLarge, error.Check);
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_hash_that_differs_from_the_pinned_one_is_refused_until_it_is_accepted()
    {
        ResolvedCheckpoint first = await Locator().ResolveAsync(Url, null, null, default);
        Directory.Delete(Path.GetDirectoryName(first.Path)!, recursive: true);
        byte[] other = Golden.Bytes("checkpoints/v1_partitioned.ckpt");
        _answer = context => context.Response.Body.WriteAsync(other).AsTask();
        CheckpointException error = await Fault();
        Assert.Equal(CheckpointCheck.Sha256, error.Check);
        Assert.Contains("--checkpoint-sha256 " + Sha256Of(other), error.Message, StringComparison.Ordinal);

        ResolvedCheckpoint accepted = await Locator().ResolveAsync(Url, Sha256Of(other), null, default);
        Directory.Delete(Path.GetDirectoryName(accepted.Path)!, recursive: true);
        Assert.Equal(accepted with { Downloaded = other.Length }, await Locator().ResolveAsync(Url, null, null, default));
    }

    [Fact]
    public async Task Another_hash_than_expected_is_refused_and_not_pinned()
    {
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => Locator().ResolveAsync(Url, new string('a', 64), null, default));
        Assert.Equal(CheckpointCheck.Sha256, error.Check);
        Assert.False(Directory.Exists(_folder["checkpoints/pins"]));
        await Locator().ResolveAsync(Url, null, null, default);
    }

    [Fact]
    public async Task Cancelling_ends_it_and_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        _answer = async context =>
        {
            await context.Response.Body.WriteAsync(Single.AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            await cancel.CancelAsync();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Locator().ResolveAsync(Url, null, null, cancel.Token));
        AssertNothingLeft();
    }

    [Fact]
    public async Task Something_that_is_no_hash_is_told_as_that()
    {
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => Locator().ResolveAsync(Url, "abc", null, default));
        Assert.Equal(CheckpointCheck.Sha256, error.Check);
        Assert.Equal(0, _requests);
    }

    private static string Sha256Of(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private CheckpointLocator Locator() => new(_http, TimeProvider.System, new CheckpointLocatorOptions { CacheFolder = _folder.Path });

    private async Task<CheckpointException> Fault()
    {
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => Locator().ResolveAsync(Url, null, null, default));
        Assert.Equal(Url, error.File);
        AssertNothingLeft();
        return error;
    }

    private void AssertNothingLeft() => Assert.Empty(Directory.GetFileSystemEntries(_folder["checkpoints/tmp"]));

    private sealed class Recorded(Action<DownloadProgress>? also = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Values { get; } = [];

        public void Report(DownloadProgress value)
        {
            Values.Add(value);
            also?.Invoke(value);
        }
    }
}
