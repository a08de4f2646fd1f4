using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Cluster;

/// <summary>Between how far jobs are and its schema.</summary>
internal static class JobStatusWire
{
    public static Wire.JobList ToWire(JobList list)
    {
        var wire = new Wire.JobList { Further = list.Further };
        wire.Jobs.AddEach(list.Jobs, ToWire);
        return wire;
    }

    public static JobList FromWire(Wire.JobList wire) => new(wire.Jobs.Each(FromWire), wire.Further);

    public static Wire.JobStatus ToWire(JobStatus status)
    {
        var wire = new Wire.JobStatus
        {
            Job = status.Job.Value,
            Data = WireText.Cut(status.Data, JobStatus.MostTextBytes),
            Source = WireText.Cut(status.Source, JobStatus.MostTextBytes),
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
            wire.Note = WireText.Cut(note, JobStatus.MostTextBytes);
        }

        wire.Outcomes.AddCounts(status.Outcomes);
        return wire;
    }

    public static JobStatus FromWire(Wire.JobStatus wire) => new()
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
