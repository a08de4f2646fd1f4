namespace Koalarization.Dataset.Storage;

/// <summary>What a folder's file system does for a data set.</summary>
/// <param name="PublishesOnce">A name that is taken stays as it is when something else is published under it.</param>
/// <param name="BytesPerSecond">How fast it writes a file durably.</param>
/// <param name="Error">Why it could not be tried, or null.</param>
public sealed record StoreProbe(bool PublishesOnce, double BytesPerSecond, string? Error)
{
    private const int ProbeBytes = 32 << 20;

    /// <summary>Tries the file system in a folder of its own, which is removed afterwards.</summary>
    public static StoreProbe Of(string folder, TimeProvider time)
    {
        try
        {
            using var trial = TrialFolder.In(folder);
            return new StoreProbe(PublishesOnceIn(trial.Path), WriteRateIn(trial.Path, time), Error: null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new StoreProbe(PublishesOnce: false, BytesPerSecond: 0, FileFaults.Sentence(exception));
        }
    }

    /// <summary>Tries only whether a name that is taken stays as it is.</summary>
    /// <param name="folder">A temporary folder on the file system; what is tried there is removed again.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static bool PublishesOnceBelow(string folder)
    {
        string trial = Path.Combine(folder, "probe");
        Directory.CreateDirectory(trial);
        bool once = PublishesOnceIn(trial);
        Directory.Delete(trial, recursive: true);
        return once;
    }

    /// <summary>Removes the folders of trials whose processes were killed.</summary>
    /// <param name="own">The own trial's folder; the others are beside it.</param>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="age">How much older than the own one they are, by the store's clock, whatever this machine's says.</param>
    public static void RemoveForgotten(string own, string prefix, TimeSpan age)
    {
        DateTime oldest = Directory.GetLastWriteTimeUtc(own) - age;
        foreach (string other in Directory.EnumerateDirectories(Path.GetDirectoryName(own)!, prefix + "*").Where(folder => Directory.GetLastWriteTimeUtc(folder) < oldest))
        {
            try
            {
                Directory.Delete(other, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another trial removes it too, or it is another user's.
            }
        }
    }

    private static bool PublishesOnceIn(string trial)
    {
        string name = Path.Combine(trial, "name"), first = Path.Combine(trial, "first"), second = Path.Combine(trial, "second");
        File.WriteAllText(first, "1");
        File.WriteAllText(second, "2");
        return PublishOnce.Publish(first, name) && !PublishOnce.Publish(second, name) && File.ReadAllText(name) == "1";
    }

    private static double WriteRateIn(string trial, TimeProvider time)
    {
        var bytes = new byte[ProbeBytes];
        new Random(1).NextBytes(bytes);
        long start = time.GetTimestamp();
        using (var file = new FileStream(Path.Combine(trial, "bytes"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        return ProbeBytes / time.GetElapsedTime(start).TotalSeconds;
    }
}
