using Koalarization.Dataset.Storage;
using Koalarization.Koala.Doctor;

namespace Koalarization.Koala.Tests.Doctor;

public sealed class StoreCheckTests
{
    [Theory]
    [InlineData(true, true, true, "Ok", "hard links")]
    [InlineData(true, false, true, "Warning", "no hard links")]
    [InlineData(false, true, true, "Error", "given again")]
    [InlineData(true, true, false, "Error", "in one step")]
    public void What_a_file_system_does_with_names_is_good_slower_or_of_no_use(bool publishesOnce, bool hasHardLinks, bool replaces, string status, string part)
    {
        CheckResult result = StoreCheck.Names(new StoreNames(publishesOnce, hasHardLinks, replaces));
        Assert.Equal(status, result.Status.ToString());
        Assert.Contains(part, result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rate_is_one_line_with_its_reason()
    {
        var measured = StoreMeasured.Of("/mnt/store", new StoreNames(true, true, true), new GroupTimes(TimeSpan.FromMilliseconds(320), TimeSpan.FromSeconds(1)), 54e6);
        Assert.Equal(
            "This store takes about 33 pictures a second from this machine, bound by records: 1.08 MB of a record at 54 MB/s take 20 ms, and two files in groups of 64 take 10 ms.",
            measured.Sentence);
    }
}
