using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Wire;

/// <summary>Between how far jobs are and its schema.</summary>
internal static class JobStatusWire
{
    public static Proto.JobList ToWire(JobList list)
    {
        var wire = new Proto.JobList { Further = list.Further };
        wire.Jobs.AddEach(list.Jobs, ToWire);
        return wire;
    }

    public static JobList FromWire(Proto.JobList wire) => new(wire.Jobs.Each(FromWire), wire.Further);

    public static Proto.JobStatus ToWire(JobStatus status)
    {
        var wire = new Proto.JobStatus
        {
            Job = status.Job.Value,
            Data = WireText.Cut(status.Data, JobStatus.MaxTextBytes),
            Source = WireText.Cut(status.Source, JobStatus.MaxTextBytes),
            Phase = (int)status.Phase,
            Round = status.Round,
            Links = status.Links,
            Resolved = status.Resolved,
            Survivors = status.Survivors,
            SlicesInWork = status.SlicesInWork,
            RecordsWritten = status.RecordsWritten,
            RecordsReady = status.RecordsReady,
            RecordsInWork = status.RecordsInWork,
            Pictures = status.Pictures,
        };
        if (status.Note is string note)
        {
            wire.Note = WireText.Cut(note, JobStatus.MaxTextBytes);
        }

        wire.Outcomes.AddCounts(status.Outcomes);
        return wire;
    }

    public static JobStatus FromWire(Proto.JobStatus wire) => new()
    {
        Job = new JobId(wire.Job),
        Data = wire.Data,
        Source = wire.Source,
        Phase = (JobPhase)wire.Phase,
        Note = wire.HasNote ? wire.Note : null,
        Round = wire.Round,
        Links = wire.Links,
        Resolved = wire.Resolved,
        Survivors = wire.Survivors,
        Outcomes = wire.Outcomes.ToDictionary(count => count.Name, count => count.Count_, StringComparer.Ordinal),
        SlicesInWork = wire.SlicesInWork,
        RecordsWritten = wire.RecordsWritten,
        RecordsReady = wire.RecordsReady,
        RecordsInWork = wire.RecordsInWork,
        Pictures = wire.Pictures,
    };
}
