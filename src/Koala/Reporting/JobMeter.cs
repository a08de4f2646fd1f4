using Koalarization.Cluster.Coordination;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Reporting;

/// <summary>Follows a job by what its coordinator says of it: the same for a run and for a cluster. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class JobMeter(TimeProvider time) : IProgressSource
{
    // The share of links with a picture is known when so many are through: a hundred, or a tenth of a short list.
    private const long LinksOfEstimate = 100;

    private readonly Lock _gate = new();
    private readonly RateWindow _links = new(time);
    private readonly RateWindow _resized = new(time);
    private readonly RateWindow _pictures = new(time);
    private JobsProtocol.JobStatus? _status;

    /// <summary>Whether the job's name is shown.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether the links are files of a folder.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The job as it is now.</summary>
    public void Set(JobsProtocol.JobStatus status)
    {
        lock (_gate)
        {
            // A job that is opened again has no figures for a while.
            _status = status.Links == 0 && _status is JobsProtocol.JobStatus before ? before with { Phase = status.Phase } : status;
        }
    }

    public ProgressReport Now()
    {
        lock (_gate)
        {
            return _status is JobsProtocol.JobStatus status
                ? Of(status)
                : new JobProgress(Job: null, Phase: null, new PartProgress(0, null, null, null), null, null, null, 0, 0, null) { IsFolder = IsFolder };
        }
    }

    private static long? Difference(long? total, long done) => total is long all ? Math.Max(0, all - done) : null;

    private static double? Rounded(double? perSecond) => perSecond is double rate ? Math.Round(rate, 1) : null;

    // Two digits are what such an estimate is worth; it is never less than what is certain.
    private static long? ExpectedPictures(JobsProtocol.JobStatus status)
    {
        long ended = status.Survivors + status.Failed;
        if (ended == 0 || ended < Math.Min(LinksOfEstimate, Math.Max(1, status.Links / 10)))
        {
            return null;
        }

        double expected = (double)status.Survivors / ended * status.Links;
        double unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, expected))) - 1));
        return Math.Clamp((long)(Math.Round(expected / unit) * unit), status.Survivors, status.Links - status.Failed);
    }

    private JobProgress Of(JobsProtocol.JobStatus status)
    {
        _links.Add(status.Resolved);
        _resized.Add(status.Survivors);
        _pictures.Add(status.Pictures);
        bool isResolved = status.Links > 0 && status.Survivors + status.Failed == status.Links;
        long? total = isResolved ? status.Survivors : null, expected = isResolved ? null : ExpectedPictures(status);
        JobEnd until = status.Until ?? JobEnd.Records;
        double? secondsLeft = SecondsLeft(status, until, total ?? expected);
        return new JobProgress(
            IsNamed ? status.Job.Value : null,
            status.Phase == JobsProtocol.JobPhase.Opening ? "opening" : null,
            new PartProgress(status.Resolved, status.Links > 0 ? status.Links : null, Expected: null, Rounded(_links.PerSecond)),
            until == JobEnd.Download ? null : new PartProgress(status.Survivors, total, expected, Rounded(_resized.PerSecond)),
            until != JobEnd.Records ? null : new PartProgress(status.Pictures, total, expected, Rounded(_pictures.PerSecond)),
            until != JobEnd.Records ? null : new PartProgress(status.RecordsWritten, RecordsOf(status), Expected: null, PerSecond: null),
            status.Survivors,
            status.Failed,
            secondsLeft)
        {
            IsFolder = IsFolder,
        };
    }

    // Records are counted when every slice is.
    private static long? RecordsOf(JobsProtocol.JobStatus status) => status.Links > 0 && status.Outcomes.Values.Sum() == status.Links ? status.RecordsReady : null;

    // The parts of the work go on side by side: the slowest decides.
    private double? SecondsLeft(JobsProtocol.JobStatus status, JobEnd until, long? pictures)
    {
        double? links = _links.SecondsFor(status.Links - status.Resolved);
        double? records = until != JobEnd.Records ? 0 : Difference(pictures, status.Pictures) is long left ? _pictures.SecondsFor(left) : null;
        return links is double first && records is double second && Math.Max(first, second) is > 0 and double seconds ? Math.Round(seconds) : null;
    }
}
