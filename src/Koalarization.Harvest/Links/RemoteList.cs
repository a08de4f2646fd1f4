using System.Net;
using System.Security.Cryptography.X509Certificates;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Links;

/// <summary>A list behind a URL that the user typed.</summary>
internal static class RemoteList
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Downloads the list whole into a nameless temporary file and gives that: links are taken from a list far more slowly than
    /// a server waits for its reader.
    /// </summary>
    /// <param name="url">Its URL.</param>
    /// <param name="spoolFolder">Where the file is made.</param>
    /// <param name="limits">What bounds it; null: it is the user's own, and neither its address nor its size is limited.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    public static async ValueTask<Stream> OpenAsync(string url, string spoolFolder, RemoteListLimits? limits, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(limits is null ? new SocketsHttpHandler() : HandlerOf(limits)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(FetchOptions.DefaultUserAgent);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            return await DownloadAsync(client, url, spoolFolder, limits?.MaxBytes ?? long.MaxValue, timeout);
        }
        catch (HttpRequestException refused) when (refused.InnerException is AddressRefusedException)
        {
            throw new LinkSourceException(url, "its address is not of the open web; a job with --allow-private may read it", refused);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkSourceException(url, $"the server was silent for {Timeout.TotalSeconds} s", e);
        }
    }

    private static async Task<Stream> DownloadAsync(HttpClient client, string url, string spoolFolder, long maxBytes, CancellationTokenSource timeout)
    {
        using HttpResponseMessage response = await client.GetAsync(
            ParseUrl(url), HttpCompletionOption.ResponseHeadersRead, timeout.Token);
        if (!response.IsSuccessStatusCode)
        {
            throw new LinkSourceException(url, $"the server answers {(int)response.StatusCode}");
        }

        Stream? spool = null;
        try
        {
            spool = NewSpool(url, spoolFolder);
            await using Stream content = await response.Content.ReadAsStreamAsync(timeout.Token);
            var buffer = new byte[1 << 16];
            while (await content.ReadAsync(buffer, timeout.Token) is var read and > 0)
            {
                timeout.CancelAfter(Timeout);
                if (spool.Position + read > maxBytes)
                {
                    throw new LinkSourceException(url, $"it has more than {maxBytes:N0} bytes");
                }

                await spool.WriteAsync(buffer.AsMemory(0, read), timeout.Token);
            }

            spool.Position = 0;
            return spool;
        }
        catch
        {
            if (spool is not null)
            {
                await spool.DisposeAsync();
            }

            throw;
        }
    }

    // Every hop of a redirect comes through the dialler, and no proxy looks names up instead.
    private static SocketsHttpHandler HandlerOf(RemoteListLimits limits)
    {
        Func<IPAddress, string?> refusedRange = limits.AllowPrivate ? static _ => null : AddressTable.RefusedRange;
        return new SocketsHttpHandler
        {
            ConnectCallback = new Dialer(new SystemResolver(), refusedRange, ConnectTimeout).ConnectAsync,
            UseProxy = false,
            UseCookies = false,
            MaxAutomaticRedirections = 5,
            MaxResponseHeadersLength = 64,
            SslOptions = { CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck } },
        };
    }

    /// <summary>A temporary file for a list that has to be read from any position.</summary>
    /// <exception cref="LinkSourceException">It cannot be made.</exception>
    internal static FileStream NewSpool(string source, string folder)
    {
        try
        {
            return new FileStream(
                Path.Combine(folder, $"koala-links-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            string remedy = folder == Path.GetTempPath() ? "; set TMPDIR to a folder that can be written" : "";
            throw new LinkSourceException(source, $"no temporary file can be made in {folder}{remedy}", fault);
        }
    }

    private static Uri ParseUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) ? parsed : throw new LinkSourceException(url, "it is not a URL");
}
