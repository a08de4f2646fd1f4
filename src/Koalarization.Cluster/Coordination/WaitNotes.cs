using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>When the log says what a job waits for: after ten seconds of it, and then once a minute. Not thread-safe; times come from outside.</summary>
internal sealed class WaitNotes
{
    /// <summary>How long a job waits before it is said: where nodes come and go it does for seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How often it is said.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<JobId, (TimeSpan Since, TimeSpan? Said)> _waiting = [];

    /// <summary>Whether a job's note is to be logged now.</summary>
    /// <param name="job">The job.</param>
    /// <param name="waits">Whether it waits for something.</param>
    /// <param name="now">The time.</param>
    public bool IsDue(JobId job, bool waits, TimeSpan now)
    {
        if (!waits)
        {
            // What was said a moment ago is not said again when it waits once more.
            if (_waiting.TryGetValue(job, out (TimeSpan Since, TimeSpan? Said) past) && (past.Said is null || now - past.Said >= Interval))
            {
                _waiting.Remove(job);
            }

            return false;
        }

        (TimeSpan since, TimeSpan? said) = _waiting.TryGetValue(job, out (TimeSpan Since, TimeSpan? Said) known) ? known : (now, null);
        bool isDue = said is TimeSpan last ? now - last >= Interval : now - since >= Patience;
        _waiting[job] = (since, isDue ? now : said);
        return isDue;
    }
}
