using Koalarization.Dataset.Ledger;

namespace Koalarization.Pipeline.Jobs;

/// <summary>Whether a job continues the rounds that there are, or begins another one. A pure function.</summary>
internal static class RoundChoice
{
    /// <param name="open">The rounds that are not closed.</param>
    /// <param name="retryFailed">Whether links without a picture are to be tried again.</param>
    /// <param name="until">How far the job goes.</param>
    /// <returns>
    /// Whether another round begins. An open round is gone on with first; only where all its pictures are resized and no records are asked for, there
    /// is nothing to continue.
    /// </returns>
    public static bool BeginsAnother(IReadOnlyList<OpenRound> open, bool retryFailed, JobEnd until) =>
        retryFailed && (open.Count == 0 || (until == JobEnd.Resize && open[^1].Ledger.IsResolved));
}
