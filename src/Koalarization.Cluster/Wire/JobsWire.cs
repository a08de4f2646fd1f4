using Koalarization.Cluster.Coordination;
using Koalarization.Harvest.Outages;
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
        WireEntry.Of<RetryFailed, Proto.JobName>("JF", message => new() { Job = message.Job.Value }, wire => new(new JobId(wire.Job))),
        WireEntry.Of("JQ", new GetJobs()),
        WireEntry.Of<GetJob, Proto.JobName>("JG", message => new() { Job = message.Job.Value }, wire => new(new JobId(wire.Job))),
        WireEntry.Of<JobList, Proto.JobList>("JL", ToWire, FromWire),
        WireEntry.Of<JobStatus, Proto.JobStatus>("JT", ToWire, FromWire),
        WireEntry.Of("JN", new GetNodes()),
        WireEntry.Of<NodeList, Proto.NodeList>("NL", ToWire, FromWire),
        WireEntry.Of("JE", new GetEmbedDemand()),
        WireEntry.Of<EmbedDemand, Proto.EmbedDemand>(
            "JD",
            message => new() { Records = message.Records, Pictures = message.Pictures, Embedders = message.Embedders, Opening = message.Opening },
            wire => new(wire.Records.Count(), wire.Pictures.Count(), wire.Embedders.Count(), wire.Opening.Count())),
        WireEntry.Of<DrainNode, Proto.NodeAddress>("ND", message => new() { Address = message.Address }, wire => new(wire.Address)),
        WireEntry.Of<DrainAccepted, Proto.NodeAddress>("NG", message => new() { Address = message.Address }, wire => new(wire.Address)),
        WireEntry.Of("NV", new Leave()),
        WireEntry.Of<RegisterNode, Proto.RegisterNode>("NC", ToWire, FromWire),
        WireEntry.Of<NodeRegistered, Proto.NodeRegistered>("NW", message => new() { Owner = message.Owner.Name }, wire => new(new NodeOwner(wire.Owner))),
    ];

    private static Proto.JobList ToWire(JobList list)
    {
        var wire = new Proto.JobList { Further = list.Further };
        wire.Jobs.AddEach(list.Jobs, ToWire);
        return wire;
    }

    private static JobList FromWire(Proto.JobList wire) => new(wire.Jobs.Each(FromWire), wire.Further);

    private static Proto.JobStatus ToWire(JobStatus status)
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
            Failed = status.Failed,
        };
        if (status.Note is string note)
        {
            wire.Note = WireText.Cut(note, JobStatus.MaxTextBytes);
        }

        if (status.Until is JobEnd until)
        {
            wire.Until = (int)until;
        }

        if (status.LinksPerSecond is double links)
        {
            wire.LinksPerSecond = links;
        }

        if (status.PicturesPerSecond is double pictures)
        {
            wire.PicturesPerSecond = pictures;
        }

        if (status.BoundBy is JobBound bound)
        {
            wire.BoundBy = (int)bound;
        }

        if (status.BoundReason is string reason)
        {
            wire.BoundReason = WireText.Cut(reason, JobStatus.MaxBoundBytes);
        }

        if (status.SecondsLeft is double left)
        {
            wire.SecondsLeft = left;
        }

        wire.Outcomes.AddCounts(status.Outcomes);
        return wire;
    }

    private static JobStatus FromWire(Proto.JobStatus wire) => new()
    {
        Job = new JobId(wire.Job),
        Data = wire.Data,
        Source = wire.Source,
        Phase = wire.Phase.As<JobPhase>(),
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
        Failed = wire.Failed,
        Until = wire.HasUntil ? wire.Until.As<JobEnd>() : null,
        LinksPerSecond = wire.HasLinksPerSecond ? wire.LinksPerSecond.Rate() : null,
        PicturesPerSecond = wire.HasPicturesPerSecond ? wire.PicturesPerSecond.Rate() : null,
        BoundBy = wire.HasBoundBy ? wire.BoundBy.AsKnown<JobBound>() : null,
        BoundReason = wire.HasBoundReason ? wire.BoundReason : null,
        SecondsLeft = wire.HasSecondsLeft ? wire.SecondsLeft.Rate() : null,
    };

    private static Proto.NodeList ToWire(NodeList list)
    {
        var wire = new Proto.NodeList { Further = list.Further };
        wire.Nodes.AddEach(list.Nodes, ToWire);
        return wire;
    }

    private static NodeList FromWire(Proto.NodeList wire) => new(wire.Nodes.Each(FromWire), wire.Further);

    private static Proto.RegisterNode ToWire(RegisterNode node)
    {
        var wire = new Proto.RegisterNode { Owner = node.Owner.Name, Address = node.Address, Uid = node.Uid, CodecFingerprint = node.CodecFingerprint };
        wire.Roles.AddRange(node.Roles);
        wire.Networks.AddEach(node.Networks, IdsWire.ToWire);
        wire.Features.AddRange(node.Features);
        if (node.Version is string version)
        {
            wire.Version = WireText.Cut(version, NodeStatus.MaxShortBytes);
        }

        if (node.Device is string device)
        {
            wire.Device = WireText.Cut(device, NodeStatus.MaxShortBytes);
        }

        if (node.Store is string store)
        {
            wire.Store = store;
        }

        if (node.Rates.Links is double links)
        {
            wire.LinksPerSecond = links;
        }

        if (node.Rates.Embedded is double embedded)
        {
            wire.EmbeddedPerSecond = embedded;
        }

        if (node.Rates.Written is double written)
        {
            wire.WrittenPerSecond = written;
        }

        if (node.Rates.DeviceBusy is double deviceBusy)
        {
            wire.DeviceBusy = deviceBusy;
        }

        if (node.Rates.StoreBusy is double storeBusy)
        {
            wire.StoreBusy = storeBusy;
        }

        if (node.Outage is NetworkFault outage)
        {
            wire.Outage = (int)outage;
        }

        return wire;
    }

    private static RegisterNode FromWire(Proto.RegisterNode wire) => new()
    {
        Owner = new NodeOwner(wire.Owner),
        Address = wire.Address,
        Uid = wire.Uid,
        Roles = [.. wire.Roles],
        CodecFingerprint = wire.CodecFingerprint,
        Networks = wire.Networks.Each(IdsWire.FromWire),
        Features = [.. wire.Features],
        Version = wire.HasVersion ? wire.Version : null,
        Device = wire.HasDevice ? wire.Device : null,
        Store = wire.HasStore ? wire.Store : null,
        Rates = new NodeRates(
            wire.HasLinksPerSecond ? wire.LinksPerSecond.Rate() : null,
            wire.HasEmbeddedPerSecond ? wire.EmbeddedPerSecond.Rate() : null,
            wire.HasWrittenPerSecond ? wire.WrittenPerSecond.Rate() : null)
        {
            DeviceBusy = wire.HasDeviceBusy ? wire.DeviceBusy.Rate() : null,
            StoreBusy = wire.HasStoreBusy ? wire.StoreBusy.Rate() : null,
        },
        Outage = wire.HasOutage ? wire.Outage.AsKnown<NetworkFault>() : null,
    };

    private static Proto.NodeStatus ToWire(NodeStatus status)
    {
        var wire = new Proto.NodeStatus { Address = status.Address, State = status.State, Slices = status.Slices, Records = status.Records };
        wire.Roles.AddRange(status.Roles);
        if (status.Owner is string owner)
        {
            wire.Owner = owner;
        }

        if (status.Note is string note)
        {
            wire.Note = WireText.Cut(note, NodeStatus.MaxNoteBytes);
        }

        if (status.Version is string version)
        {
            wire.Version = WireText.Cut(version, NodeStatus.MaxShortBytes);
        }

        if (status.Device is string device)
        {
            wire.Device = WireText.Cut(device, NodeStatus.MaxShortBytes);
        }

        if (status.LinksPerSecond is double links)
        {
            wire.LinksPerSecond = links;
        }

        if (status.EmbeddedPerSecond is double embedded)
        {
            wire.EmbeddedPerSecond = embedded;
        }

        if (status.WrittenPerSecond is double written)
        {
            wire.WrittenPerSecond = written;
        }

        if (status.DeviceBusy is double deviceBusy)
        {
            wire.DeviceBusy = deviceBusy;
        }

        if (status.StoreBusy is double storeBusy)
        {
            wire.StoreBusy = storeBusy;
        }

        if (status.Outage is NetworkFault outage)
        {
            wire.Outage = (int)outage;
        }

        if (status.LastError is string error)
        {
            wire.LastError = WireText.Cut(error, NodeStatus.MaxNoteBytes);
        }

        if (status.LastErrorAgeSeconds is int age)
        {
            wire.LastErrorAgeSeconds = age;
        }

        return wire;
    }

    private static NodeStatus FromWire(Proto.NodeStatus wire) => new(
        wire.Address, [.. wire.Roles], wire.State, wire.HasOwner ? wire.Owner : null, wire.Slices, wire.Records, wire.HasNote ? wire.Note : null)
    {
        Version = wire.HasVersion ? wire.Version : null,
        Device = wire.HasDevice ? wire.Device : null,
        LinksPerSecond = wire.HasLinksPerSecond ? wire.LinksPerSecond.Rate() : null,
        EmbeddedPerSecond = wire.HasEmbeddedPerSecond ? wire.EmbeddedPerSecond.Rate() : null,
        WrittenPerSecond = wire.HasWrittenPerSecond ? wire.WrittenPerSecond.Rate() : null,
        DeviceBusy = wire.HasDeviceBusy ? wire.DeviceBusy.Rate() : null,
        StoreBusy = wire.HasStoreBusy ? wire.StoreBusy.Rate() : null,
        Outage = wire.HasOutage ? wire.Outage.AsKnown<NetworkFault>() : null,
        LastError = wire.HasLastError ? wire.LastError : null,
        LastErrorAgeSeconds = wire.HasLastErrorAgeSeconds ? wire.LastErrorAgeSeconds : null,
    };
}
