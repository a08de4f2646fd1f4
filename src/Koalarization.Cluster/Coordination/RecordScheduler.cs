using Koalarization.Cluster.Hosting;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>Which records are written next: of the job with the fewest records in work, as long as writers have room. Pure.</summary>
internal static class RecordScheduler
{
    /// <summary>Records in work for each write node, all jobs together.</summary>
    public const int RecordsPerWriter = 2;

    /// <summary>Begins records. Writers of different JPEG libraries do not share jobs.</summary>
    public static CoordinatorState Schedule(CoordinatorState state, TimeSpan now) =>
        state.Working.GroupBy(job => job.Opened!.Parameters.CodecFingerprint, StringComparer.Ordinal)
            .Aggregate(state, (all, jobs) => Schedule(all, [.. jobs], now));

    /// <summary>Whether embedders that a job can use, and writers, have nothing of it to do.</summary>
    public static bool IsIdleFor(CoordinatorState state, CoordinatedJob job) =>
        job.Ledger!.Records.IsEmpty && IsReady(state, job) && WritersFor(state, job).Any();

    /// <summary>The write nodes that may write a job's records.</summary>
    public static IEnumerable<JobsProtocol.RegisterNode> WritersFor(CoordinatorState state, CoordinatedJob job) => state.Nodes.Available(NodeRoles.Write).Where(job.Fits);

    private static CoordinatorState Schedule(CoordinatorState state, IReadOnlyList<CoordinatedJob> jobs, TimeSpan now)
    {
        int room = (RecordsPerWriter * WritersFor(state, jobs[0]).Count()) - jobs.Sum(job => job.Ledger!.Records.Count);
        JobId[] ready = [.. jobs.Where(job => job.MakesRecords && IsReady(state, job)).Select(job => job.Id)];
        for (; room > 0; room--)
        {
            CoordinatedJob? next = ready.Select(job => state.Find(job)!)
                .Where(job => job.Ledger!.NextRecord() is not null)
                .MinBy(job => job.Ledger!.Records.Count);
            if (next is null)
            {
                break;
            }

            state = state.With(next.Id, ledger => ledger.WithRecord(ledger.NextRecord()!, now));
        }

        return state;
    }

    private static bool IsReady(CoordinatorState state, CoordinatedJob job) => job.Key is not null && job.Choose(state.Nodes.Networks) is not null;
}
