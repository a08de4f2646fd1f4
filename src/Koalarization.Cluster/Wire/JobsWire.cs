using Koalarization.Cluster.Coordination;
using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Wire;

/// <summary>Between <see cref="JobsProtocol"/> and jobs.proto.</summary>
internal static class JobsWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<SubmitJob, Proto.SubmitJob>("JS", message => new() { Spec = message.Spec.ToWire() }, wire => new(wire.Spec.FromWire())),
        WireEntry.Of<JobAccepted, Proto.JobAccepted>("JA", message => new() { Job = message.Job.Value, IsNew = message.IsNew }, wire => new(new JobId(wire.Job), wire.IsNew)),
        WireEntry.Of<JobRefused, Proto.JobRefused>("JR", message => new() { Reason = WireText.Cut(message.Reason, JobRefused.MaxReasonBytes) }, wire => new(wire.Reason)),
        WireEntry.Of<CancelJob, Proto.JobName>("JC", message => new() { Job = message.Job.Value }, wire => new(new JobId(wire.Job))),
        WireEntry.Of("JQ", new GetJobs()),
        WireEntry.Of<GetJob, Proto.JobName>("JG", message => new() { Job = message.Job.Value }, wire => new(new JobId(wire.Job))),
        WireEntry.Of<JobList, Proto.JobList>("JL", JobStatusWire.ToWire, JobStatusWire.FromWire),
        WireEntry.Of<JobStatus, Proto.JobStatus>("JT", JobStatusWire.ToWire, JobStatusWire.FromWire),
        WireEntry.Of("JN", new GetNodes()),
        WireEntry.Of<NodeList, Proto.NodeList>("NL", NodesWire.ToWire, NodesWire.FromWire),
        WireEntry.Of<DrainNode, Proto.NodeAddress>("ND", message => new() { Address = message.Address }, wire => new(wire.Address)),
        WireEntry.Of<DrainAccepted, Proto.NodeAddress>("NG", message => new() { Address = message.Address }, wire => new(wire.Address)),
        WireEntry.Of("NV", new Leave()),
        WireEntry.Of<RegisterNode, Proto.RegisterNode>("NC", NodesWire.ToWire, NodesWire.FromWire),
        WireEntry.Of<NodeRegistered, Proto.NodeRegistered>("NW", message => new() { Owner = message.Owner.Name }, wire => new(new NodeOwner(wire.Owner))),
    ];
}
