using System.Net;
using System.Net.Sockets;

namespace Koalarization.Harvest.Addresses;

/// <summary>The machine's own resolver, without a cache of ours.</summary>
/// <remarks>
/// It blocks the thread that asks, for many seconds when no name server answers. The framework would lend it the threads that everything else runs on, and
/// a few hundred names of dead servers would stop the whole program. So look-ups have threads of their own, and not without number.
/// </remarks>
public sealed class SystemResolver : IHostResolver
{
    private const int MaxThreads = 128;
    private const int StackBytes = 512 * 1024;

    private static readonly SemaphoreSlim Threads = new(MaxThreads);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        await Threads.WaitAsync(cancellationToken);
        var lookup = new TaskCompletionSource<IReadOnlyList<IPAddress>>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            new Thread(() => LookUp(host, lookup), StackBytes) { IsBackground = true, Name = "resolver" }.Start();
        }
        catch (OutOfMemoryException)
        {
            // So the framework says it when the machine allows no more threads.
            Threads.Release();
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
        }

        return await lookup.Task.WaitAsync(cancellationToken);
    }

    private static void LookUp(string host, TaskCompletionSource<IReadOnlyList<IPAddress>> lookup)
    {
        try
        {
            lookup.SetResult(Dns.GetHostAddresses(host));
        }
        catch (OutOfMemoryException)
        {
            // So the framework says it when the C library lacks memory or descriptors; no link is at fault.
            lookup.SetException(new SocketException((int)SocketError.NoBufferSpaceAvailable));
        }
        catch (Exception e)
        {
            lookup.SetException(e);
        }
        finally
        {
            Threads.Release();
        }
    }
}
