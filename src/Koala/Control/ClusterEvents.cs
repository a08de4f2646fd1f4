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
internal sealed record NodeState(string Node, IReadOnlyList<string> Roles, string State, int Slices, int Records, string? Process, string? Note) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string work = string.Join(", ", WorkItems());
            return $"{Node,-24} {string.Join(',', Roles),-26} {State,-12} {work}{(Note is null ? "" : $"{(work.Length > 0 ? "; " : "")}{Shown(Note)}")}".TrimEnd();
        }
    }

    public static NodeState Of(JobsProtocol.NodeStatus node) => new(node.Address, node.Roles, node.State, node.Slices, node.Records, node.Owner, node.Note);

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

/// <summary>A job's progress.</summary>
/// <param name="LinksPerSecond">Links resolved per second since the previous poll; null at the first.</param>
/// <param name="PicturesPerSecond">Pictures written to records per second, likewise.</param>
internal sealed record JobState(
    string Job, string Data, string Source, JobsProtocol.JobPhase Phase, int Round, long Links, long Resolved, long Survivors,
    IReadOnlyDictionary<string, long> Outcomes, int SlicesInWork, int RecordsWritten, int RecordsReady, int RecordsInWork, long Pictures,
    double? LinksPerSecond, double? PicturesPerSecond, string? Note) : ReportEvent
{
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

            return Note is null ? text.ToString() : text.Append("; ").Append(Shown(Note)).ToString();
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
        PerSecond(now.Resolved, before?.Resolved, between), PerSecond(now.Pictures, before?.Pictures, between), now.Note);

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
