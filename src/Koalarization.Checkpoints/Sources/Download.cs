using System.Security.Cryptography;

namespace Koalarization.Checkpoints.Sources;

/// <summary>One streamed download into a file.</summary>
internal sealed class Download
{
    private const int BufferBytes = 1 << 16;
    private const int ReportEveryBytes = 1 << 20;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly CheckpointLocatorOptions _options;

    public Download(HttpClient http, TimeProvider time, CheckpointLocatorOptions options)
    {
        _http = http;
        _time = time;
        _options = options;
    }

    /// <summary>Downloads to a new file and gives the SHA-256 of what came.</summary>
    /// <exception cref="CheckpointException">It did not come whole, or is too large.</exception>
    public async Task<string> ToFileAsync(Uri url, string name, string file, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var stalled = new CancellationTokenSource(_options.StallTimeout, _time);
        long received = 0;
        long? total = null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellation);
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw Failed(name, $"the server answered {(int)response.StatusCode} ({response.ReasonPhrase})");
            }

            total = response.Content.Headers.ContentLength;
            CheckSize(name, total ?? 0);
            CheckRoom(name, Path.GetDirectoryName(file)!, total ?? 0);
            progress?.Report(new DownloadProgress(0, total));
            await using Stream body = await response.Content.ReadAsStreamAsync(either.Token);
            await using FileStream target = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferBytes];
            long reported = 0;
            int read;
            do
            {
                read = await ReadAsync(body, buffer, cause => Failed(name, TransferFaults.ReasonOf(cause, received, total), cause), either.Token);
                stalled.CancelAfter(_options.StallTimeout);
                received += read;
                CheckSize(name, received);
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
                if (read == 0 || received - reported >= ReportEveryBytes)
                {
                    progress?.Report(new DownloadProgress(received, total));
                    reported = received;
                }
            }
            while (read > 0);

            target.Flush(flushToDisk: true);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (HttpRequestException e)
        {
            throw Failed(name, TransferFaults.ReasonOf(e, received, total), e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Failed(name, $"the server sent nothing for {_options.StallTimeout.TotalSeconds:N0} s; start it again", e);
        }
    }

    private static async Task<int> ReadAsync(Stream body, Memory<byte> buffer, Func<IOException, CheckpointException> failure, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation);
        }
        catch (IOException e)
        {
            throw failure(e);
        }
    }

    private void CheckSize(string name, long bytes)
    {
        if (bytes > _options.MaxBytes)
        {
            throw new CheckpointException(CheckpointCheck.TooLarge, name, null, $"the download is over the limit of {_options.MaxBytes} bytes");
        }
    }

    private static void CheckRoom(string name, string folder, long bytes)
    {
        long needed = CheckpointLocatorOptions.RoomFor(bytes), free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < needed)
        {
            throw new CheckpointException(
                CheckpointCheck.Cache, name, null, $"it needs {needed / 1e6:N0} MB in {folder}, and {free / 1e6:N0} MB are free; free some space, or set XDG_CACHE_HOME to another disk");
        }
    }

    private static CheckpointException Failed(string name, string fault, Exception? cause = null) =>
        new(CheckpointCheck.Download, name, null, fault, cause);
}
