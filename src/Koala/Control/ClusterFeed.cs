using System.Runtime.CompilerServices;
using System.Text.Json;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Harvest.Links;
using Microsoft.Extensions.Hosting;

namespace Koalarization.Koala.Control;

/// <summary>
/// The cluster as pages follow it: asked for once, however many there are, and with the rates of the last hour, which are kept also while no page is open. Thread-safe.
/// </summary>
/// <param name="control">Queries the coordinator, once the node has started.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterFeed(Func<ControlService> control, TimeProvider time) : BackgroundService
{
    /// <summary>Pages that may follow at once.</summary>
    public const int MaxFollowers = 50;

    /// <summary>How often pages hear of it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly RateHistory _history = new();
    private TaskCompletionSource<string> _next = NewSource();
    private volatile TaskCompletionSource<string> _followed = NewSource();
    private string? _latest;
    private int _followers;

    /// <summary>Follows the cluster: at first the rates of the last hour, then how it is, again and again. Each is an event's name and its JSON.</summary>
    /// <returns>Null: too many follow already.</returns>
    public IAsyncEnumerable<(string Name, string Json)>? Follow(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _followers) > MaxFollowers)
        {
            Interlocked.Decrement(ref _followers);
            return null;
        }

        _followed.TrySetResult("");
        return FollowAsync(cancellation);
    }

    /// <summary>Asks how the cluster is, and passes it on.</summary>
    public async Task UpdateAsync()
    {
        string json = await TakeAsync();
        TaskCompletionSource<string> due;
        lock (_gate)
        {
            _latest = json;
            (due, _next) = (_next, NewSource());
        }

        due.SetResult(json);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await UpdateAsync().WaitAsync(stoppingToken);

                // Made before the followers are counted: one that comes now is noticed.
                _followed = NewSource();
                if (Volatile.Read(ref _followers) > 0)
                {
                    await Task.Delay(Interval, time, stoppingToken);
                }
                else
                {
                    await Task.WhenAny(_followed.Task, Task.Delay(RateHistory.Spacing, time, stoppingToken));
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static TaskCompletionSource<string> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Written<T>(T value) => UrlSecrets.Hide(JsonSerializer.Serialize(value, JobsJson.Options));

    private async IAsyncEnumerable<(string Name, string Json)> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<double[]> points;
            string? latest;
            Task<string> next;
            lock (_gate)
            {
                (points, latest, next) = (_history.Points, _latest, _next.Task);
            }

            yield return ("history", Written(new { Spacing = RateHistory.Spacing.TotalSeconds, Points = points }));
            if (latest is not null)
            {
                yield return ("cluster", latest);
            }

            while (true)
            {
                yield return ("cluster", await next.WaitAsync(cancellation));
                lock (_gate)
                {
                    next = _next.Task;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }

    private async Task<string> TakeAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        try
        {
            ControlService service = control();
            JobsProtocol.NodeList nodes = await service.NodesAsync();
            JobsProtocol.JobList jobs = await service.JobsAsync();
            lock (_gate)
            {
                _history.Add(nodes.Nodes, now);
            }

            return Written(new
            {
                At = now.ToUnixTimeMilliseconds(),
                service.Store,
                jobs.Jobs,
                FurtherJobs = jobs.Further,
                nodes.Nodes,
                FurtherNodes = nodes.Further,
                Rates = RateHistory.PointOf(nodes.Nodes, now),
            });
        }
        catch (ControlException failed)
        {
            return Written(new { At = now.ToUnixTimeMilliseconds(), Error = failed.Message });
        }
        catch (Exception unexpected) when (unexpected is not OutOfMemoryException)
        {
            // While the node leaves there is no one to ask.
            return Written(new { At = now.ToUnixTimeMilliseconds(), Error = "the cluster's coordinator cannot be asked." });
        }
    }
}
