using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Cluster;

/// <summary>Between <see cref="JobsProtocol"/> and jobs.proto.</summary>
internal static class JobsWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<SubmitJob, Wire.SubmitJob>("JS", message => new() { Spec = message.Spec.ToWire() }, wire => new(wire.Spec.FromWire())),
        WireEntry.Of<JobAccepted, Wire.JobAccepted>("JA", message => new() { Job = message.Job.Value, IsNew = message.IsNew }, wire => new(new JobId(wire.Job), wire.IsNew)),
        WireEntry.Of<JobRefused, Wire.JobRefused>("JR", message => new() { Reason = WireText.Cut(message.Reason, JobRefused.MostReasonBytes) }, wire => new(wire.Reason)),
        WireEntry.Of<CancelJob, Wire.JobName>("JC", message => new() { Job = message.Job.Value }, wire => new(new JobId(wire.Job))),
        WireEntry.Of("JQ", new GetJobs()),
        WireEntry.Of<GetJob, Wire.JobName>("JG", message => new() { Job = message.Job.Value }, wire => new(new JobId(wire.Job))),
        WireEntry.Of<JobList, Wire.JobList>("JL", JobStatusWire.ToWire, JobStatusWire.FromWire),
        WireEntry.Of<JobStatus, Wire.JobStatus>("JT", JobStatusWire.ToWire, JobStatusWire.FromWire),
        WireEntry.Of("JN", new GetNodes()),
        WireEntry.Of<NodeList, Wire.NodeList>("NL", NodesWire.ToWire, NodesWire.FromWire),
        WireEntry.Of<DrainNode, Wire.NodeAddress>("ND", message => new() { Address = message.Address }, wire => new(wire.Address)),
        WireEntry.Of<DrainAccepted, Wire.NodeAddress>("NG", message => new() { Address = message.Address }, wire => new(wire.Address)),
        WireEntry.Of("NV", new Leave()),
        WireEntry.Of<RegisterNode, Wire.RegisterNode>("NC", NodesWire.ToWire, NodesWire.FromWire),
        WireEntry.Of<NodeRegistered, Wire.NodeRegistered>("NW", message => new() { Owner = message.Owner.Name }, wire => new(new NodeOwner(wire.Owner))),
    ];
}
