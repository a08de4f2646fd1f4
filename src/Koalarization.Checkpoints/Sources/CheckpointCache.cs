namespace Koalarization.Checkpoints.Sources;

/// <summary>
/// Checkpoints by the SHA-256 of what they were got from: <c>checkpoints/SHA256/weights.ckpt...</c>. A folder appears whole, by a
/// rename from <c>checkpoints/tmp</c>, so any number of processes may fill the cache at the same time.
/// </summary>
internal sealed class CheckpointCache
{
    /// <summary>The prefix of every cached checkpoint's file names.</summary>
    public const string Prefix = "weights.ckpt";

    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly TimeProvider _time;

    public CheckpointCache(string cacheFolder, TimeProvider time)
    {
        _folder = Path.Combine(cacheFolder, "checkpoints");
        _time = time;
        Pins = new PinnedHashes(Path.Combine(_folder, "pins"));
    }

    public PinnedHashes Pins { get; }

    /// <summary>The path of a cached checkpoint; null when it is not cached.</summary>
    public string? TryFind(string sha256)
    {
        string path = Path.Combine(_folder, sha256, Prefix);
        return CheckpointFiles.TryFind(path) is null ? null : path;
    }

    /// <summary>A new, empty folder that the caller publishes or removes.</summary>
    /// <exception cref="IOException">The cache cannot be written; the message says where it is.</exception>
    public string CreateTemporaryFolder()
    {
        string root = Path.Combine(_folder, "tmp");
        try
        {
            Directory.CreateDirectory(root);
            RemoveAbandoned(root);
            return Directory.CreateDirectory(Path.Combine(root, Path.GetRandomFileName())).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The cache of checkpoints, {_folder}, cannot be written; set XDG_CACHE_HOME to a folder that can be.", e.HResult);
        }
    }

    /// <summary>Makes a finished folder the cached checkpoint of a hash; whichever process is first, the result is one whole folder.</summary>
    public string Publish(string finished, string sha256)
    {
        string final = Path.Combine(_folder, sha256);
        try
        {
            Directory.Move(finished, final);
        }
        catch (IOException) when (TryFind(sha256) is not null)
        {
            // Another process was first.
        }
        catch (IOException) when (Directory.Exists(final))
        {
            // Someone took files out of it by hand.
            Directory.Move(final, Path.Combine(CreateTemporaryFolder(), sha256));
            Directory.Move(finished, final);
        }

        return Path.Combine(final, Prefix);
    }

    private void RemoveAbandoned(string root)
    {
        DateTime limit = (_time.GetUtcNow() - AbandonedAfter).UtcDateTime;
        foreach (string folder in Directory.EnumerateDirectories(root))
        {
            try
            {
                if (Directory.GetLastWriteTimeUtc(folder) < limit)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process removes it too, or another user should.
            }
        }
    }
}
