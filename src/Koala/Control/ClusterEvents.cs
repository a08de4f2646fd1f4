using System.Text;
using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary>A job was submitted.</summary>
internal sealed record JobSubmitted(string Job, bool IsNew) : ReportEvent
{
    public override string Sentence => $"job {Job} {(IsNew ? "submitted" : "already exists")}; follow it with koala status {Job} --watch.";
}

/// <summary>A job was cancelled.</summary>
internal sealed record JobCancelled(string Job) : ReportEvent
{
    public override string Sentence => $"job {Job} cancelled; its results are kept, and submitting it again resumes it.";
}

/// <summary>A node is draining.</summary>
internal sealed record NodeDraining(string Node) : ReportEvent
{
    public override string Sentence => $"{Node} is draining: it accepts no new work, finishes or returns its current work, and leaves the cluster.";
}

/// <summary>A node of the cluster.</summary>
/// <param name="LastError">The last fault that kept it from its work; null: none.</param>
/// <param name="LastErrorAgeSeconds">How long ago that was.</param>
internal sealed record NodeState(
    string Node, IReadOnlyList<string> Roles, string State, int Slices, int Records, string? Process, string? Note,
    string? Version, string? Device, double? LinksPerSecond, double? EmbeddedPerSecond, double? WrittenPerSecond, string? LastError, int? LastErrorAgeSeconds) : ReportEvent
{
    /// <summary>The heads of the columns of <see cref="Columns"/>.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["NODE", "ROLES", "STATE", "VERSION", "DEVICE", "RATE", "WORK"];

    public override string Sentence => string.Join("  ", Columns.Where(column => column.Length > 0));

    /// <summary>The node as a row of a table.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<string> Columns => [Node, string.Join(',', Roles), State, Version ?? "-", Device ?? "-", Joined(Rates()), Joined(WorkItems())];

    /// <summary>What is to be said below the row: why it gets no work, and its last fault.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<string> Notes
    {
        get
        {
            if (Note is string note)
            {
                yield return Shown(note);
            }

            if (LastError is string error)
            {
                yield return $"Last error, {Durations.Format(TimeSpan.FromSeconds(LastErrorAgeSeconds ?? 0))} ago: {Shown(error)}";
            }
        }
    }

    public static NodeState Of(JobsProtocol.NodeStatus node) => new(
        node.Address, node.Roles, node.State, node.Slices, node.Records, node.Owner, node.Note,
        node.Version, node.Device, node.LinksPerSecond, node.EmbeddedPerSecond, node.WrittenPerSecond, node.LastError, node.LastErrorAgeSeconds);

    private static string Joined(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } joined ? joined : "-";

    private IEnumerable<string> Rates()
    {
        if (LinksPerSecond is > 0 and double links)
        {
            yield return $"{links:N1} links/s";
        }

        if (EmbeddedPerSecond is > 0 and double embedded)
        {
            yield return $"{embedded:N1} embedded/s";
        }

        if (WrittenPerSecond is > 0 and double written)
        {
            yield return $"{written:N1} written/s";
        }
    }

    private IEnumerable<string> WorkItems()
    {
        if (Slices > 0)
        {
            yield return Amount.Of(Slices, "slice");
        }

        if (Records > 0)
        {
            yield return Amount.Of(Records, "record");
        }
    }
}

/// <summary>The cluster's nodes as a table, for people.</summary>
internal sealed record NodesListed(IReadOnlyList<NodeState> Nodes) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            IReadOnlyList<string>[] rows = [NodeState.Heads, .. Nodes.Select(node => node.Columns)];
            int[] widths = [.. NodeState.Heads.Select((_, column) => rows.Max(row => row[column].Length))];
            return string.Join('\n', Nodes.Zip(rows.Skip(1)).SelectMany(node => node.First.Notes.Select(note => "    " + note).Prepend(Row(node.Second, widths))).Prepend(Row(rows[0], widths)));
        }
    }

    private static string Row(IReadOnlyList<string> columns, int[] widths) => string.Join("  ", columns.Zip(widths, (column, width) => column.PadRight(width))).TrimEnd();
}

/// <summary>A job's progress.</summary>
/// <param name="LinksPerSecond">Links resolved per second since the previous poll; null at the first.</param>
/// <param name="PicturesPerSecond">Pictures written to records per second, likewise.</param>
internal sealed record JobState(
    string Job, string Data, string Source, JobsProtocol.JobPhase Phase, int Round, long Links, long Resolved, long Survivors,
    IReadOnlyDictionary<string, long> Outcomes, int SlicesInWork, int RecordsWritten, int RecordsReady, int RecordsInWork, long Pictures,
    double? LinksPerSecond, double? PicturesPerSecond, string? Note) : ReportEvent
{
    /// <summary>What it is bound by; null: unknown, or it has ended.</summary>
    public JobsProtocol.JobBound? BoundBy { get; init; }

    /// <summary>Why that, in one sentence.</summary>
    public string? BoundReason { get; init; }

    /// <summary>Seconds until it is done, as it goes now; null: not known well.</summary>
    public double? SecondsLeft { get; init; }

    public override string Sentence
    {
        get
        {
            var text = new StringBuilder($"{Job}: {ReportPhase()}");
            if (Links > 0)
            {
                text.Append($", round {Round}, {Resolved:N0} of {Amount.Of(Links, "link")}{Rate(LinksPerSecond)}, {Amount.Of(Survivors, "picture")}");
            }

            if (RecordsReady > 0)
            {
                text.Append($", records {RecordsWritten:N0} of {RecordsReady:N0} ready{Rate(PicturesPerSecond)}");
            }

            if (SecondsLeft is double seconds)
            {
                text.Append(", ").Append(Durations.Left(seconds));
            }

            // A note says what keeps it from moving at all.
            if (Note is not null)
            {
                text.Append("; ").Append(Shown(Note));
            }
            else if (BoundReason is not null)
            {
                text.Append("; ").Append(JobBoundText.Of(BoundBy) is string bound ? bound + ": " : "").Append(Shown(BoundReason));
            }

            return text.ToString();
        }
    }

    /// <summary>The lines that <c>status</c> adds in its text form: source, folder, and the outcomes of links.</summary>
    public string Details
    {
        get
        {
            var text = new StringBuilder($"  {Shown(Source)} -> {Shown(Data)}");
            foreach ((string outcome, long links) in Outcomes.OrderByDescending(outcome => outcome.Value).ThenBy(outcome => outcome.Key, StringComparer.Ordinal))
            {
                text.Append($"\n  {links,9:N0} {outcome}");
            }

            return text.ToString();
        }
    }

    /// <param name="now">This poll.</param>
    /// <param name="before">The previous poll; null: this is the first.</param>
    /// <param name="between">The time between them.</param>
    public static JobState Of(JobsProtocol.JobStatus now, JobsProtocol.JobStatus? before, TimeSpan between) => new(
        now.Job.Value, now.Data, now.Source, now.Phase, now.Round, now.Links, now.Resolved, now.Survivors, now.Outcomes, now.SlicesInWork,
        now.RecordsWritten, now.RecordsReady, now.RecordsInWork, now.Pictures,
        PerSecond(now.Resolved, before?.Resolved, between) ?? now.LinksPerSecond, PerSecond(now.Pictures, before?.Pictures, between) ?? now.PicturesPerSecond, now.Note)
    {
        BoundBy = now.BoundBy,
        BoundReason = now.BoundReason,
        SecondsLeft = now.SecondsLeft,
    };

    private static double? PerSecond(long now, long? before, TimeSpan between) =>
        before is long earlier && between > TimeSpan.Zero ? Math.Round(Math.Max(now - earlier, 0) / between.TotalSeconds, 1) : null;

    private static string Rate(double? perSecond) => perSecond is double rate ? $" ({rate:N0}/s)" : "";

    private string ReportPhase() => Phase switch
    {
        JobsProtocol.JobPhase.Opening => "opening",
        JobsProtocol.JobPhase.Working => "working",
        JobsProtocol.JobPhase.Done => "done",
        JobsProtocol.JobPhase.Cancelled => "cancelled",
        _ => "failed",
    };
}

/// <summary>There are no jobs to list.</summary>
internal sealed record NoJobs : ReportEvent
{
    public override string Sentence => "no jobs; start one with koala submit LINKS DATA.";
}
