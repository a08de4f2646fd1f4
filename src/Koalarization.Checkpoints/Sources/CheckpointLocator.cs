using System.Globalization;
using System.Security.Cryptography;

namespace Koalarization.Checkpoints.Sources;

/// <summary>
/// Finds the checkpoint that a user names: a file, a prefix or a folder as <see cref="Checkpoint.Open"/> takes them, a
/// <c>.tar.gz</c> archive of one, or the http(s) URL of an archive or single file. Downloads and unpacked archives are cached by their
/// SHA-256; a URL's hash is pinned at its first use. Safe for several threads and processes at once.
/// </summary>
public sealed class CheckpointLocator
{
    private const int NoRoom = 28;
    private const int NoQuota = 122;

    private readonly Download _download;
    private readonly TimeProvider _time;
    private readonly CheckpointLocatorOptions _options;
    private readonly CheckpointCache _cache;

    /// <summary>Makes a locator; it opens nothing yet.</summary>
    /// <param name="http">Fetches; its timeout does not count for bodies, see <see cref="CheckpointLocatorOptions.StallTimeout"/>.</param>
    /// <param name="time">The clock, for stalled downloads and pins.</param>
    /// <param name="options">Cache and limits; the defaults without.</param>
    public CheckpointLocator(HttpClient http, TimeProvider time, CheckpointLocatorOptions? options = null)
    {
        _options = options ?? new CheckpointLocatorOptions();
        _time = time;
        _download = new Download(http, time, _options);
        _cache = new CheckpointCache(_options.CacheFolder, time);
    }

    /// <summary>Gives the local path of a checkpoint, after downloading and unpacking what is needed.</summary>
    /// <param name="argument">A path or URL.</param>
    /// <param name="expectedSha256">
    /// The SHA-256 that the file or archive must have (64 hex digits), or null. For a URL it also accepts another content than the pinned one.
    /// </param>
    /// <param name="progress">Called with a download's progress, about once a megabyte.</param>
    /// <param name="cancellation">Ends the work; nothing half-done stays under a final name.</param>
    /// <exception cref="CheckpointException">It cannot be had, or is not what was expected.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was set.</exception>
    public async Task<ResolvedCheckpoint> ResolveAsync(
        string argument, string? expectedSha256, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string? expected = expectedSha256 is null ? null : ReadExpectation(expectedSha256);
        try
        {
            if (Uri.TryCreate(argument, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
            {
                return await FromUrlAsync(url, expected, progress, cancellation);
            }

            return await Task.Run(() => FromDisk(argument, expected, cancellation), cancellation);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or (IOException and not CheckpointException))
        {
            throw new CheckpointException(CheckpointCheck.Cache, _options.CacheFolder, null, $"the cache cannot be used, {CacheFault(e)}", e);
        }
    }

    private ResolvedCheckpoint FromDisk(string path, string? expected, CancellationToken cancellation)
    {
        if (File.Exists(path) && CheckpointArchive.IsGzip(path))
        {
            using FileStream archive = File.OpenRead(path);
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(archive));
            CheckExpectation(path, sha256, expected);
            archive.Position = 0;
            return new ResolvedCheckpoint(_cache.TryFind(sha256) ?? Unpack(archive, path, sha256, cancellation), sha256);
        }

        CheckpointFiles files = CheckpointFiles.Find(path);
        if (expected is null)
        {
            return new ResolvedCheckpoint(path, null);
        }

        using Checkpoint checkpoint = files.Open();
        CheckExpectation(path, checkpoint.Sha256, expected);
        return new ResolvedCheckpoint(path, checkpoint.Sha256);
    }

    private async Task<ResolvedCheckpoint> FromUrlAsync(
        Uri url, string? expected, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        // Without the credentials that a URL may hold.
        string name = url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        PinnedHash? pinned = _cache.Pins.TryFind(name);
        string? wanted = expected ?? pinned?.Sha256;
        if (wanted is not null && _cache.TryFind(wanted) is string cached)
        {
            return new ResolvedCheckpoint(cached, wanted);
        }

        string folder = _cache.CreateTemporaryFolder();
        try
        {
            string file = Path.Combine(folder, "download");
            string sha256 = await _download.ToFileAsync(url, name, file, progress, cancellation);
            long bytes = new FileInfo(file).Length;
            CheckExpectation(name, sha256, expected);
            CheckPin(name, sha256, expected is null ? pinned : null);
            string path = _cache.TryFind(sha256)
                ?? await Task.Run(() => Publish(name, folder, sha256, content => Extract(file, name, content, cancellation)), cancellation);
            var pin = new PinnedHash(name, sha256, _time.GetUtcNow());
            if (expected is not null)
            {
                _cache.Pins.Replace(pin);
            }
            else
            {
                CheckPin(name, sha256, _cache.Pins.PinFirst(pin));
            }

            return new ResolvedCheckpoint(path, sha256) { Downloaded = bytes };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Extract(string file, string name, string content, CancellationToken cancellation)
    {
        if (CheckpointArchive.IsGzip(file))
        {
            using FileStream archive = File.OpenRead(file);
            CheckpointArchive.Unpack(archive, name, content, _options.MaxBytes, cancellation);
        }
        else
        {
            File.Move(file, Path.Combine(content, CheckpointCache.Prefix), overwrite: false);
        }
    }

    /// <summary>Fills a folder, opens what is in it, so that nothing unreadable enters the cache, and publishes it.</summary>
    private string Publish(string name, string folder, string sha256, Action<string> fill)
    {
        string content = Directory.CreateDirectory(Path.Combine(folder, "content")).FullName;
        fill(content);
        try
        {
            Checkpoint.Open(Path.Combine(content, CheckpointCache.Prefix)).Dispose();
        }
        catch (CheckpointException e)
        {
            // The file is about to be removed: its name would be useless.
            throw new CheckpointException(e.Check, name, e.Offset, e.Fault, e);
        }

        return _cache.Publish(content, sha256);
    }

    private string Unpack(FileStream archive, string path, string sha256, CancellationToken cancellation)
    {
        string folder = _cache.CreateTemporaryFolder();
        try
        {
            return Publish(path, folder, sha256, content => CheckpointArchive.Unpack(archive, path, content, _options.MaxBytes, cancellation));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string CacheFault(Exception e) => e switch
    {
        UnauthorizedAccessException => "this user may not write to it; set XDG_CACHE_HOME to a folder that can be written",
        { HResult: NoRoom or NoQuota } => "the disk is full; free some space, or set XDG_CACHE_HOME to another disk",
        _ => e.Message.TrimEnd('.'),
    };

    private static string ReadExpectation(string sha256) =>
        sha256.Length == 2 * SHA256.HashSizeInBytes && sha256.All(char.IsAsciiHexDigit)
            ? sha256.ToLowerInvariant()
            : throw new CheckpointException(CheckpointCheck.Sha256, sha256, null, "a SHA-256 is 64 hex digits");

    private static void CheckExpectation(string name, string sha256, string? expected)
    {
        if (expected is not null && !string.Equals(sha256, expected, StringComparison.Ordinal))
        {
            throw new CheckpointException(CheckpointCheck.Sha256, name, null, $"its SHA-256 is {sha256}, and {expected} was asked for");
        }
    }

    private static void CheckPin(string name, string sha256, PinnedHash? pinned)
    {
        if (pinned is not null && !string.Equals(sha256, pinned.Sha256, StringComparison.Ordinal))
        {
            string day = pinned.PinnedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            throw new CheckpointException(
                CheckpointCheck.Sha256,
                name,
                null,
                $"its SHA-256 is {sha256}, and was {pinned.Sha256} at its first use on {day}: accept the change with --checkpoint-sha256 {sha256}");
        }
    }
}
