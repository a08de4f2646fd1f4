using Koalarization.Cluster.Fetching;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doctor;

/// <summary><c>koala doctor --store DIR</c>: what a store does with names, how fast it is, and how many pictures a second it can take.</summary>
/// <param name="reporter">Where each result goes, as soon as it is known.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreCheck(IReporter reporter, TimeProvider time)
{
    private const int ReadOnly = 30;

    // Files that are only in memory: fast, and gone with the machine.
    private static readonly string[] OfMemory = ["tmpfs", "ramfs"];

    /// <summary>Checks a store.</summary>
    /// <returns>Whether nodes can work on it.</returns>
    /// <exception cref="UserErrorException">It cannot be measured.</exception>
    public async Task<bool> RunAsync(string folder, CancellationToken cancellation)
    {
        string store = Path.GetFullPath(folder);
        if (!Directory.Exists(store))
        {
            throw new UserErrorException(File.Exists(store) ? $"the store {store} is a file; give a folder." : $"the store {store} does not exist; mount it, or create the folder.");
        }

        try
        {
            var drive = new DriveInfo(store);
            if (drive.AvailableFreeSpace < StoreTrial.BytesNeeded)
            {
                throw new UserErrorException(
                    $"the store {store} has {drive.AvailableFreeSpace / 1e6:N0} MB free, and measuring it takes {StoreTrial.BytesNeeded / 1e6:N0} MB for a moment; free some space first.");
            }

            using StoreTrial trial = StoreTrial.Begin(store, time);
            return await RunAsync(trial, store, drive, cancellation);
        }
        catch (UnauthorizedAccessException)
        {
            throw new UserErrorException($"the store {store} may not be written by this user; give it the group and the permissions of the nodes' users.");
        }
        catch (IOException failed) when (failed.HResult == ReadOnly)
        {
            reporter.Result(new CheckResult("store", CheckStatus.Error, $"{store} is mounted for reading only, and nodes write to it; mount it for writing"));
            return false;
        }
        catch (IOException full) when (StoreFault.IsDiskFull(full))
        {
            throw new UserErrorException($"the store {store} became full while it was measured, and what was written is removed again; free some space first.");
        }
    }

    /// <summary>What is to be said of the names of a store.</summary>
    internal static CheckResult Names(StoreNames names) => names switch
    {
        { PublishesOnce: false } => new CheckResult("names", CheckStatus.Error, "a name that is taken is given again, so results could be lost; nodes do not start here, use another file system"),
        { Replaces: false } => new CheckResult("names", CheckStatus.Error, "a name cannot be given to another file in one step, so summaries could be lost; use another file system"),
        { HasHardLinks: false } => new CheckResult("names", CheckStatus.Warning, "of two that publish a name the first wins; no hard links here: files are renamed, and what another user wrote is copied"),
        _ => new CheckResult("names", CheckStatus.Ok, "of two that publish a name the first wins; hard links; files are replaced in one step"),
    };

    private async Task<bool> RunAsync(StoreTrial trial, string store, DriveInfo drive, CancellationToken cancellation)
    {
        bool isMemory = OfMemory.Contains(drive.DriveFormat);
        reporter.Result(new CheckResult(
            "store", isMemory ? CheckStatus.Warning : CheckStatus.Ok,
            $"{store}: {drive.DriveFormat}, {drive.AvailableFreeSpace / 1e9:N0} GB free, room for {drive.AvailableFreeSpace / (double)StoreTrial.PictureBytes:N0} pictures in records"
            + (isMemory ? "; it is memory, and lost with the machine" : "")));
        StoreNames names = trial.Names();
        CheckResult ofNames = Names(names);
        reporter.Result(ofNames);
        if (ofNames.Status == CheckStatus.Error)
        {
            return false;
        }

        GroupTimes groups = await trial.GroupsAsync(cancellation);
        reporter.Result(new CheckResult(
            "pictures", CheckStatus.Ok,
            $"{GroupPublisher.FilesInGroup} files of {StoreTrial.FileBytes / 1e3:N0} KB are written, durable and named in {Milliseconds(groups.Median.TotalSeconds)} (the slowest group: {Milliseconds(groups.Longest.TotalSeconds)})"));
        double bytesPerSecond = trial.RecordBytesPerSecond(cancellation);
        reporter.Result(new CheckResult(
            "records", CheckStatus.Ok, $"{StoreTrial.RecordBytes / 1e6:N0} MB of a record are written and durable in {StoreTrial.RecordBytes / bytesPerSecond:0.0} s: {bytesPerSecond / 1e6:N0} MB/s"));
        reporter.Result(StoreMeasured.Of(store, names, groups, bytesPerSecond));
        return true;
    }

    private static string Milliseconds(double seconds) => StoreMeasured.Milliseconds(seconds);
}
