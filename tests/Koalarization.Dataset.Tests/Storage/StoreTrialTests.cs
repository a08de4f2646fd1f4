using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Storage;

public sealed class StoreTrialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 64 files in 320 ms are 5 ms a file, of which a picture has two; 1.08 MB at 54 MB/s take 20 ms, at 1,080 MB/s 1 ms.
    [Theory]
    [InlineData(320, 54e6, 1000.0 / 30, StoreBound.Records)]
    [InlineData(320, 1080e6, 1000.0 / 11, StoreBound.Pictures)]
    public void A_picture_takes_the_time_of_its_two_files_and_of_its_part_of_a_record(int groupMilliseconds, double recordBytesPerSecond, double picturesPerSecond, StoreBound bound)
    {
        var rate = StoreRate.Of(TimeSpan.FromMilliseconds(groupMilliseconds), recordBytesPerSecond);
        Assert.Equal(picturesPerSecond, rate.PicturesPerSecond, tolerance: 1e-9);
        Assert.Equal(bound, rate.Bound);
    }

    [Fact]
    public async Task This_file_system_is_measured_and_nothing_is_left()
    {
        using (var trial = StoreTrial.Begin(_folder.Path, TimeProvider.System))
        {
            Assert.Equal(new StoreNames(PublishesOnce: true, HasHardLinks: true, Replaces: true), trial.Names());
            GroupTimes groups = await trial.GroupsAsync(CancellationToken.None);
            Assert.InRange(groups.Median, TimeSpan.FromTicks(1), groups.Longest);
            Assert.True(trial.RecordBytesPerSecond(CancellationToken.None) > 0);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_trial_that_is_cancelled_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        using (var trial = StoreTrial.Begin(_folder.Path, TimeProvider.System))
        {
            trial.Names();
            await Assert.ThrowsAsync<OperationCanceledException>(() => trial.GroupsAsync(cancelled.Token));
            Assert.Throws<OperationCanceledException>(() => trial.RecordBytesPerSecond(cancelled.Token));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_a_machine_that_died_left_is_removed_by_the_next_trial_and_one_at_work_is_left_alone()
    {
        string old = Directory.CreateDirectory(_folder[".koala-probe-old"]).FullName, young = Directory.CreateDirectory(_folder[".koala-probe-young"]).FullName;
        File.WriteAllText(Path.Combine(old, "file"), "");
        Directory.SetLastWriteTimeUtc(old, Directory.GetLastWriteTimeUtc(young) - TimeSpan.FromHours(2));
        StoreTrial.Begin(_folder.Path, TimeProvider.System).Dispose();
        Assert.Equal([young], Directory.GetFileSystemEntries(_folder.Path));
    }
}
