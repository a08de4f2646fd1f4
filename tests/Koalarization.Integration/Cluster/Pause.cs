namespace Koalarization.Integration.Cluster;

/// <summary>Waiting for other processes.</summary>
internal static class Pause
{
    /// <summary>Lets time pass.</summary>
    public static async Task ForAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It is not within the patience.</exception>
    public static async Task UntilAsync(string what, TimeSpan patience, Func<Task<bool>> isSo)
    {
        using var given = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await isSo())
        {
            try
            {
                await timer.WaitForNextTickAsync(given.Token);
            }
            catch (OperationCanceledException not)
            {
                throw new TimeoutException($"Not within {patience}: {what}.", not);
            }
        }
    }
}
