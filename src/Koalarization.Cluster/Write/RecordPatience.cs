namespace Koalarization.Cluster;

/// <summary>
/// How long a record's writer tries again to read what it cannot read: what another machine has just written may be a minute in becoming visible.
/// All its pictures share one minute. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="patience">In all; zero: nothing is tried again.</param>
internal sealed class RecordPatience(TimeProvider time, TimeSpan patience)
{
    /// <summary>In a cluster.</summary>
    public static readonly TimeSpan InAll = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(16);

    private readonly Lock _gate = new();
    private long? _first;

    /// <summary>Does something until it succeeds.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="isUnreadable">Whether a failure may pass.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RecordUnreadableException">It still fails when the patience is at an end.</exception>
    public async Task<T> TryAsync<T>(Func<Task<T>> work, Func<Exception, bool> isUnreadable, CancellationToken cancellation)
    {
        for (TimeSpan wait = TimeSpan.FromSeconds(1); ; wait = wait < Longest ? wait * 2 : Longest)
        {
            try
            {
                return await work();
            }
            catch (Exception exception) when (isUnreadable(exception))
            {
                if (IsAtEnd())
                {
                    throw new RecordUnreadableException(exception.Message, exception);
                }
            }

            await Task.Delay(wait, time, cancellation);
        }
    }

    private bool IsAtEnd()
    {
        lock (_gate)
        {
            _first ??= time.GetTimestamp();
            return time.GetElapsedTime(_first.Value) >= patience;
        }
    }
}
