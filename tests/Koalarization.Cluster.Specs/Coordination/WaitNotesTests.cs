using Koalarization.Cluster.Coordination;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>How often the log says what a job waits for.</summary>
public sealed class WaitNotesTests
{
    private static readonly JobId Job = JobId.Of("set");

    [Fact]
    public void It_is_said_after_ten_seconds_and_then_once_a_minute()
    {
        var notes = new WaitNotes();
        Assert.Equal([10, 70, 130], Enumerable.Range(0, 180).Where(second => notes.IsDue(Job, waits: true, TimeSpan.FromSeconds(second))));
    }

    [Fact]
    public void A_job_that_waits_on_and_off_is_told_of_once_a_minute()
    {
        var notes = new WaitNotes();
        int said = Enumerable.Range(0, 600).Count(second => notes.IsDue(Job, waits: second % 20 < 15, TimeSpan.FromSeconds(second)));
        Assert.InRange(said, 5, 10);
    }
}
