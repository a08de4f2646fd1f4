using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Slices;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>Jobs and nodes as users see them. Pure.</summary>
internal static class JobStatusProjection
{
    /// <summary>The reply to a query for a job.</summary>
    public static IWireMessage ReplyOf(CoordinatorState state, JobId id) => state.Find(id) is CoordinatedJob job ? StatusOf(state, job) : Unknown(id);

    /// <summary>The reply to a request for a job that does not exist.</summary>
    public static JobsProtocol.JobRefused Unknown(JobId job) => new($"there is no job {job}; koala jobs lists them.");

    /// <summary>A job's status.</summary>
    public static JobsProtocol.JobStatus StatusOf(CoordinatorState state, CoordinatedJob job) =>
        (job.Final ?? FiguresOf(job)) with { Phase = job.Phase, Note = NoteOf(state, job) };

    /// <summary>A job's figures; of those in work only while it is worked on.</summary>
    public static JobsProtocol.JobStatus FiguresOf(CoordinatedJob job) => job is not { Opened: OpenedJob opened, Ledger: JobLedger ledger }
        ? Begin(job.Entry)
        : FiguresOf(job, opened, ledger, job.IsWorking ? ledger.Leases.CountsInWork : SliceCounts.None);

    /// <summary>The figures of a data set that is done.</summary>
    public static JobsProtocol.JobStatus FiguresOf(JobEntry entry, SetTotals totals) => Begin(entry) with
    {
        Links = totals.Links,
        Resolved = totals.Links,
        Survivors = totals.Kept,
        Failed = totals.Links - totals.Kept,
        Outcomes = new Dictionary<string, long>(totals.Failed, StringComparer.Ordinal) { [LinkRow.Kept] = totals.Kept },
        RecordsWritten = totals.Records,
        RecordsReady = totals.Records,
        Pictures = totals.Kept - totals.LeftOut,
    };

    /// <summary>The jobs, newest first.</summary>
    public static JobsProtocol.JobList ListOf(CoordinatorState state) => new(
        [.. state.Jobs.Reverse().Take(JobsProtocol.JobList.MaxJobs).Select(job => StatusOf(state, job))],
        Math.Max(0, state.Jobs.Count - JobsProtocol.JobList.MaxJobs));

    /// <summary>The nodes, by address.</summary>
    public static JobsProtocol.NodeList NodesOf(CoordinatorState state, TimeSpan now) => new(
        [
            .. state.Nodes.Members.Values.OrderBy(member => member.Address, StringComparer.Ordinal).ThenBy(member => member.Uid)
                .Take(JobsProtocol.NodeList.MaxNodes).Select(member => NodeOf(state, member, now)),
        ],
        Math.Max(0, state.Nodes.Members.Count - JobsProtocol.NodeList.MaxNodes));

    /// <summary>What waits for embedders.</summary>
    public static JobsProtocol.EmbedDemand EmbedDemandOf(CoordinatorState state)
    {
        JobLedger[] ledgers = [.. state.Working.Where(job => job.MakesRecords).Select(job => job.Ledger!)];
        return new JobsProtocol.EmbedDemand(
            ledgers.Sum(ledger => ledger.WaitingRecords),
            ledgers.Sum(ledger => ledger.WaitingPictures),
            state.Nodes.Registered(NodeRoles.Embed).Count(),
            state.Live.Count(job => job is { IsWorking: false, MakesRecords: true }));
    }

    private static JobsProtocol.JobStatus FiguresOf(CoordinatedJob job, OpenedJob opened, JobLedger ledger, SliceCounts inWork)
    {
        long survivors = ledger.Rounds.Sum(round => round.Survivors + round.SurvivorsAhead), resolved = ledger.Outcomes.Values.Sum();
        return Begin(job.Entry) with
        {
            Round = ledger.Rounds.IsEmpty ? 0 : ledger.Rounds[^1].Round,
            Links = opened.Links,
            Resolved = resolved + inWork.Fetched,
            Survivors = survivors + inWork.Pictures,
            Failed = resolved - survivors + inWork.Failed,
            Outcomes = ledger.Outcomes,
            SlicesInWork = job.IsWorking ? ledger.Leases.Slices : 0,
            RecordsWritten = ledger.Rounds.Sum(round => round.Written),
            RecordsReady = ledger.Rounds.Sum(round => round.Composable),
            RecordsInWork = job.IsWorking ? ledger.Records.Count : 0,
            Pictures = ledger.Rounds.Sum(round => round.PicturesWritten) + ledger.Records.Values.Sum(record => (long)record.Embedded),
        };
    }

    private static JobsProtocol.NodeStatus NodeOf(CoordinatorState state, ClusterMember member, TimeSpan now)
    {
        JobsProtocol.RegisterNode? node = state.Nodes.RegistrationOf(member);
        (string Sentence, TimeSpan At)? error = node is null ? null : state.Nodes.ErrorOf(node.Owner);
        return new JobsProtocol.NodeStatus(
            member.HostAndPort,
            [.. member.Roles.Where(NodeRoles.All.Contains)],
            member.State,
            node?.Owner.Name,
            node is null ? 0 : state.Working.Sum(job => job.Ledger!.Leases.All.Count(pair => pair.Lease.Holder == node.Owner)),
            node is null ? 0 : state.Working.Sum(job => job.Ledger!.Records.Values.Count(record => record.Writer == node.Owner)),
            node is null ? null : WhyIdle(state, node))
        {
            Version = node?.Version,
            Device = node?.Device,
            LinksPerSecond = node?.Rates.Links,
            EmbeddedPerSecond = node?.Rates.Embedded,
            WrittenPerSecond = node?.Rates.Written,
            DeviceBusy = node?.Rates.DeviceBusy,
            StoreBusy = node?.Rates.StoreBusy,
            Outage = node?.Outage,
            LastError = error?.Sentence,
            LastErrorAgeSeconds = error is (_, TimeSpan at) ? (int)(now - at).TotalSeconds : null,
        };
    }

    private static string? WhyIdle(CoordinatorState state, JobsProtocol.RegisterNode node)
    {
        if (!state.Nodes.IsInStore(node))
        {
            return "It gets no work: its --store is another folder than the control node's; give all nodes the same folder.";
        }

        bool touchesPictures = node.Roles.Any(role => role is NodeRoles.Fetch or NodeRoles.Write);
        if (touchesPictures && state.Working.FirstOrDefault(job => !job.Fits(node)) is CoordinatedJob other)
        {
            return $"It gets no work of {other.Id}, because its JPEG library decodes otherwise than the one that the job was begun with; run it with the same library.";
        }

        if (node.Roles.Contains(NodeRoles.Fetch)
            && state.Working.Select(job => (job.Id, Missing: job.MissingFeature(node))).FirstOrDefault(job => job.Missing is not null) is { Missing: string missing } refused)
        {
            return missing == NodeFeatures.PrivateAddresses
                ? $"It gets no slices of {refused.Id}: it was started with --forbid-private."
                : $"It gets no slices of {refused.Id}: its version does not know the job's options.";
        }

        EmbedKey[] asked = [.. state.Working.Where(job => job.MakesRecords).Select(job => job.Key).OfType<EmbedKey>()];
        return asked.Length > 0 && node.Networks.Count > 0 && !asked.Intersect(node.Networks).Any()
            ? $"It gets no pictures, because its network is {node.Networks[0]}, and {asked[0]} is asked for; start it with those weights."
            : null;
    }

    /// <summary>What a job waits for, or why it failed; null: it moves.</summary>
    public static string? NoteOf(CoordinatorState state, CoordinatedJob job)
    {
        if ((job.StoreFault ?? job.Obstacle) is string fault)
        {
            return $"waiting for the store, and continues by itself: {fault}";
        }

        if (!job.IsWorking)
        {
            return job.Failure;
        }

        if (!job.Ledger!.Rounds.TrueForAll(round => round.IsResolved) && !state.Nodes.Registered(NodeRoles.Fetch).Any(pair => job.FitsFetchNode(pair.Node)))
        {
            return state.Nodes.Registered(NodeRoles.Fetch).Any(pair => job.Fits(pair.Node))
                ? "waiting for fetch nodes that can serve the job's options; koala nodes says why these cannot"
                : "waiting for fetch nodes whose JPEG library is the job's";
        }

        if (!job.MakesRecords)
        {
            return null;
        }

        if (job.Choose(state.Nodes.Networks) is null)
        {
            return $"waiting for embedders with key {job.Key?.ToString() ?? RequestedKey(job)}";
        }

        return RecordScheduler.WritersFor(state, job).Any() ? null
            : state.Nodes.Available(NodeRoles.Write).Any() ? "waiting for write nodes whose JPEG library is the job's"
            : "waiting for write nodes";
    }

    private static string RequestedKey(CoordinatedJob job) =>
        $"{job.Entry.Spec.Weights ?? "any weights"}, {job.Entry.Spec.Precision ?? "any precision"}, codec {job.Opened!.Parameters.CodecFingerprint}";

    private static JobsProtocol.JobStatus Begin(JobEntry entry) =>
        new() { Job = entry.Job, Data = entry.Spec.Data, Source = entry.Spec.Source, Until = entry.Spec.Until, Phase = JobsProtocol.JobPhase.Opening };
}
