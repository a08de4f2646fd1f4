using Koalarization.Cluster.Coordination;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Reporting;

/// <summary>Follows a job by what its coordinator says of it: the same for a run and for a cluster. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class JobMeter(TimeProvider time) : IProgressSource
{
    private readonly Lock _gate = new();
    private readonly JobPace _pace = new(time);
    private JobsProtocol.JobStatus? _status;

    /// <summary>Whether the job's name is shown.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether the links are files of a folder.</summary>
    public bool IsFolder { get; init; }

    /// <summary>Whether it is shown what the job is bound by: where its user may give it more nodes.</summary>
    public bool ShowsBound { get; init; }

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

    private JobProgress Of(JobsProtocol.JobStatus status)
    {
        _pace.Add(status);
        JobEnd until = status.Until ?? JobEnd.Records;
        return new JobProgress(
            IsNamed ? status.Job.Value : null,
            status.Phase == JobsProtocol.JobPhase.Opening ? "opening" : null,
            new PartProgress(status.Resolved, status.Links > 0 ? status.Links : null, Expected: null, _pace.LinksPerSecond),
            until == JobEnd.Download ? null : new PartProgress(status.Survivors, _pace.Total, _pace.Expected, _pace.ResizedPerSecond),
            until != JobEnd.Records ? null : new PartProgress(status.Pictures, _pace.Total, _pace.Expected, _pace.PicturesPerSecond),
            until != JobEnd.Records ? null : new PartProgress(status.RecordsWritten, RecordsOf(status), Expected: null, PerSecond: null),
            status.Survivors,
            status.Failed,
            _pace.SecondsLeft ?? status.SecondsLeft)
        {
            IsFolder = IsFolder,
            BoundBy = ShowsBound ? status.BoundBy : null,
            BoundReason = ShowsBound ? status.BoundReason : null,
        };
    }

    // Records are counted when every slice is.
    private static long? RecordsOf(JobsProtocol.JobStatus status) => status.Links > 0 && status.Outcomes.Values.Sum() == status.Links ? status.RecordsReady : null;
}
