namespace Koalarization.Cluster.Writing;

/// <summary>
/// Retries what a record's writer cannot read: what another machine has just written may take a minute to become visible.
/// All pictures of a record share that minute. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="total">How long in all; zero: nothing is retried.</param>
internal sealed class TransientReadRetry(TimeProvider time, TimeSpan total)
{
    /// <summary>In a cluster.</summary>
    public static readonly TimeSpan DefaultTotal = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(16);

    private readonly Lock _gate = new();
    private long? _firstFailure;

    /// <summary>Runs work until it succeeds.</summary>
    /// <param name="work">The work.</param>
    /// <param name="isTransient">Whether a failure may pass.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RecordUnreadableException">It still fails when the time is over.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, Func<Exception, bool> isTransient, CancellationToken cancellation)
    {
        for (TimeSpan pause = TimeSpan.FromSeconds(1); ; pause = pause < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                return await work();
            }
            catch (Exception exception) when (isTransient(exception))
            {
                if (IsOver())
                {
                    throw new RecordUnreadableException(exception.Message, exception);
                }
            }

            await Task.Delay(pause, time, cancellation);
        }
    }

    private bool IsOver()
    {
        lock (_gate)
        {
            _firstFailure ??= time.GetTimestamp();
            return time.GetElapsedTime(_firstFailure.Value) >= total;
        }
    }
}
