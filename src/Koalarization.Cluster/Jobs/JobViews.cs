using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>Jobs and nodes as users see them. Pure.</summary>
internal static class JobViews
{
    /// <summary>How far a job is.</summary>
    public static JobsProtocol.JobStatus StatusOf(JobBoard board, JobState job)
    {
        var status = new JobsProtocol.JobStatus
        {
            Job = job.Id,
            Data = job.Entry.Spec.Data,
            Source = job.Entry.Spec.Source,
            Phase = job.Phase,
            Note = NoteOf(board, job),
        };
        if (job is not { Opened: OpenedJob opened, Ledger: JobLedger ledger })
        {
            return job.Totals is SetTotals totals ? WithTotals(status, totals) : status;
        }

        return status with
        {
            Round = ledger.Rounds.IsEmpty ? 0 : ledger.Rounds[^1].Round,
            Links = opened.Rounds.Sum(round => round.Plan.Links),
            Resolved = ledger.Outcomes.Values.Sum(),
            Survivors = ledger.Rounds.Sum(round => round.Survivors + round.SurvivorsAhead),
            Outcomes = ledger.Outcomes,
            SlicesInWork = job.IsWorking ? ledger.Leases.Slices : 0,
            RecordsWritten = ledger.Rounds.Sum(round => round.Written),
            RecordsReady = ledger.Rounds.Sum(round => round.Composable),
            RecordsInWork = job.IsWorking ? ledger.Records.Count : 0,
            Pictures = ledger.Rounds.Sum(round => round.PicturesWritten) + ledger.Records.Values.Sum(record => (long)record.Embedded),
        };
    }

    /// <summary>The jobs, newest first.</summary>
    public static JobsProtocol.JobList ListOf(JobBoard board) => new(
        [.. board.Jobs.Reverse().Take(JobsProtocol.JobList.Most).Select(job => StatusOf(board, job))],
        Math.Max(0, board.Jobs.Count - JobsProtocol.JobList.Most));

    /// <summary>The nodes, by address.</summary>
    public static JobsProtocol.NodeList NodesOf(JobBoard board) => new(
        [
            .. board.Nodes.Members.Values.OrderBy(member => member.Address, StringComparer.Ordinal).ThenBy(member => member.Uid)
                .Take(JobsProtocol.NodeList.Most).Select(member => NodeOf(board, member)),
        ],
        Math.Max(0, board.Nodes.Members.Count - JobsProtocol.NodeList.Most));

    private static JobsProtocol.NodeStatus NodeOf(JobBoard board, ClusterMember member)
    {
        JobsProtocol.NodeCard? card = board.Nodes.CardOf(member);
        return new JobsProtocol.NodeStatus(
            member.HostAndPort,
            [.. member.Roles.Where(NodeRoles.All.Contains)],
            member.State,
            card?.Owner.Name,
            card is null ? 0 : board.Working.Sum(job => job.Ledger!.Leases.All.Count(pair => pair.Lease.Holder == card.Owner)),
            card is null ? 0 : board.Working.Sum(job => job.Ledger!.Records.Values.Count(record => record.Writer == card.Owner)),
            card is null ? null : WhyIdle(board, card));
    }

    private static string? WhyIdle(JobBoard board, JobsProtocol.NodeCard card)
    {
        bool touchesPictures = card.Roles.Any(role => role is NodeRoles.Fetch or NodeRoles.Write);
        if (touchesPictures && board.Working.FirstOrDefault(job => !job.Fits(card)) is JobState other)
        {
            return $"It gets no work of {other.Id}, because its JPEG library decodes otherwise than the one that the job was begun with; run it with the same library.";
        }

        EmbedKey[] asked = [.. board.Working.Where(job => job.MakesRecords).Select(job => job.Key).OfType<EmbedKey>()];
        return asked.Length > 0 && card.Networks.Count > 0 && !asked.Intersect(card.Networks).Any()
            ? $"It gets no pictures, because its network is {card.Networks[0]}, and {asked[0]} is asked for; start it with those weights."
            : null;
    }

    private static string? NoteOf(JobBoard board, JobState job)
    {
        if (!job.IsWorking)
        {
            return job.Failure;
        }

        if (!job.Ledger!.Rounds.TrueForAll(round => round.IsResolved) && !board.Nodes.Spoken(NodeRoles.Fetch).Any(node => job.Fits(node.Card)))
        {
            return "waiting for fetch nodes whose JPEG library is the job's";
        }

        if (!job.MakesRecords)
        {
            return null;
        }

        if (job.Choose(board.Nodes.Networks) is null)
        {
            return $"waiting for embedders with key {job.Key?.ToString() ?? Asked(job)}";
        }

        return board.WritersFor(job).Any() ? null
            : board.Nodes.Working(NodeRoles.Write).Any() ? "waiting for write nodes whose JPEG library is the job's"
            : "waiting for write nodes";
    }

    private static string Asked(JobState job) =>
        $"{job.Entry.Spec.Weights ?? "any weights"}, {job.Entry.Spec.Precision ?? "any precision"}, codec {job.Opened!.Parameters.CodecFingerprint}";

    private static JobsProtocol.JobStatus WithTotals(JobsProtocol.JobStatus status, SetTotals totals) => status with
    {
        Links = totals.Links,
        Resolved = totals.Links,
        Survivors = totals.Kept,
        Outcomes = new Dictionary<string, long>(totals.Failed, StringComparer.Ordinal) { [LinkRow.Kept] = totals.Kept },
        RecordsWritten = totals.Records,
        RecordsReady = totals.Records,
        Pictures = totals.Kept - totals.LeftOut,
    };
}
