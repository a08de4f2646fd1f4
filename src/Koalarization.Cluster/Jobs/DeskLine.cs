using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>
/// Runs a desk's work away from the coordinator's thread, one piece after the other for each job, and sends it what came out. Used by the
/// coordinator's thread only.
/// </summary>
/// <param name="coordinator">Gets a <see cref="DeskAnswer"/> for every piece of work.</param>
/// <param name="time">The clock.</param>
internal sealed class DeskLine(IActorRef coordinator, TimeProvider time)
{
    private const int Tries = 4;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(5);

    private readonly Dictionary<JobId, Task> _last = [];
    private readonly Dictionary<JobId, CancellationTokenSource> _current = [];
    private readonly HashSet<(JobId, DeskWork, int)> _underWay = [];

    /// <summary>Whether such work is under way for a job, or waits for its turn.</summary>
    public bool IsUnderWay(JobId job, DeskWork work, int number) => _underWay.Contains((job, work, number));

    /// <summary>Begins work, unless the same is under way for the job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="work">What it is.</param>
    /// <param name="number">The number of the job's entry.</param>
    /// <param name="body">Does it. A disk's error is tried again a few times, but where somebody waits for an answer.</param>
    /// <param name="asker">The sender of the answer: whoever waits for what comes out.</param>
    public void Begin(JobId job, DeskWork work, int number, Func<CancellationToken, Task<object>> body, IActorRef? asker = null)
    {
        if (!_underWay.Add((job, work, number)))
        {
            return;
        }

        if (!_current.TryGetValue(job, out CancellationTokenSource? ended))
        {
            _current.Add(job, ended = new CancellationTokenSource());
        }

        CancellationToken cancellation = ended.Token;
        Task<object> task = Task.WhenAny(_last.GetValueOrDefault(job, Task.CompletedTask))
            .ContinueWith(_ => TryAsync(body, asker is null ? Tries : 1, cancellation), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
        _last[job] = task;
        _ = task.PipeTo(
            coordinator,
            asker ?? ActorRefs.NoSender,
            result => new DeskAnswer(job, work, number, result, Failure: null),
            failure => new DeskAnswer(job, work, number, Result: null, failure is AggregateException { InnerException: Exception inner } ? inner : failure));
    }

    /// <summary>An answer has arrived.</summary>
    public void Ended(DeskAnswer answer) => _underWay.Remove((answer.Job, answer.Work, answer.Number));

    /// <summary>What is under way for a job is no longer wanted.</summary>
    public void Stop(JobId job)
    {
        if (_current.Remove(job, out CancellationTokenSource? ended))
        {
            ended.Cancel();
        }
    }

    /// <summary>Nothing is wanted any more.</summary>
    public void StopAll()
    {
        foreach (JobId job in _current.Keys.ToArray())
        {
            Stop(job);
        }
    }

    private async Task<object> TryAsync(Func<CancellationToken, Task<object>> body, int most, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await body(cancellation);
            }
            catch (IOException) when (tries < most)
            {
                await Task.Delay(BetweenTries, time, cancellation);
            }
        }
    }
}
