using Akka.Dispatch;

namespace Koalarization.Cluster.Embedding;

/// <summary>Plain work on an actor dispatcher's threads.</summary>
internal static class DispatcherExtensions
{
    /// <summary>Runs a function there; its exception is the task's.</summary>
    public static Task<T> RunAsync<T>(this MessageDispatcher dispatcher, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        dispatcher.Schedule(() =>
        {
            try
            {
                done.SetResult(work());
            }
#pragma warning disable CA1031 // The task carries it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }
}
