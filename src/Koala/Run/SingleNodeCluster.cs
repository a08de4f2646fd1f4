using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Pipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Koala.Run;

/// <summary>A cluster of one node: every role in this process, on loopback, for one job.</summary>
internal sealed class SingleNodeCluster : IAsyncDisposable
{
    // There are no other nodes to wait for, at the start or the end.
    private const string Alone =
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          cluster {
            gossip-interval = 50ms
            leader-actions-interval = 50ms
            periodic-tasks-initial-delay = 20ms
            unreachable-nodes-reaper-interval = 1s
            seed-node-timeout = 500ms
            singleton.hand-over-retry-interval = 100ms
            singleton-proxy.singleton-identification-interval = 50ms
            sharding.retry-interval = 50ms
            sharding.waiting-for-state-timeout = 500ms
            distributed-data.gossip-interval = 100ms
            distributed-data.notify-subscribers-interval = 20ms
          }
          coordinated-shutdown.phases {
            before-service-unbind.enabled = off
            service-unbind.enabled = off
            service-requests-done.enabled = off
            service-stop.enabled = off
            before-cluster-shutdown.enabled = off
            cluster-sharding-shutdown-region.enabled = off
            cluster-leave.enabled = off
            cluster-exiting.enabled = off
            cluster-exiting-done.enabled = off
            cluster-shutdown.enabled = off
          }
        }
        """;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly IHost _host;
    private readonly Task _terminated;
    private readonly IActorRef _coordinator;

    private SingleNodeCluster(IHost host)
    {
        _host = host;
        _terminated = host.Services.GetRequiredService<ActorSystem>().WhenTerminated;
        _coordinator = host.Services.GetRequiredService<IRequiredActor<JobCoordinator>>().ActorRef;
    }

    /// <summary>Starts the actors.</summary>
    /// <param name="services">The services of the stages.</param>
    /// <param name="store">The coordinator's store.</param>
    /// <param name="makesRecords">Whether it embeds and writes.</param>
    public static async Task<SingleNodeCluster> StartAsync(NodeServices services, IJobStore store, bool makesRecords, CancellationToken cancellation)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var endpoint = new NodeEndpointOptions
        {
            Roles = makesRecords ? NodeRoles.All : [NodeRoles.Control, NodeRoles.Fetch],
            Port = 0,
            CodecFingerprint = services.CodecFingerprint,
        };
        builder.Services.AddAkka(endpoint.SystemName, akka =>
            akka.AddKoalaSystem(endpoint, NullLoggerFactory.Instance).AddHocon(Alone, HoconAddMode.Prepend).AddStages(endpoint.Roles, services, store));
        IHost host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
            return new SingleNodeCluster(host);
        }
        catch (Exception)
        {
            host.Dispose();

            // An interrupt ends the device, and a node without its device stops: then its start fails with whatever it was about to do.
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Submits the job and waits for its end.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="progress">Called with the job's status, again and again.</param>
    /// <param name="throwIfFailed">Called after each reply; throws when the run has failed.</param>
    /// <returns>The final status of the job.</returns>
    public async Task<JobStatus> WorkAsync(JobSpec spec, Action<JobStatus> progress, Action throwIfFailed, CancellationToken cancellation)
    {
        object answer = await AskAsync(new SubmitJob(spec), throwIfFailed, cancellation);
        if (answer is not JobAccepted { Job: JobId job })
        {
            throw new JobRefusedException(answer is JobRefused refused ? refused.Reason : $"unexpected reply of the coordinator: {answer.GetType().Name}.");
        }

        while (true)
        {
            if (await AskAsync(new GetJob(job), throwIfFailed, cancellation) is JobStatus status)
            {
                progress(status);
                if (status.Phase is not (JobPhase.Opening or JobPhase.Working))
                {
                    return status;
                }
            }

            await Task.Delay(PollInterval, cancellation);
        }
    }

    // A node whose device has failed stops, and then the coordinator does not answer any more.
    private async Task<object> AskAsync(IWireMessage question, Action throwIfFailed, CancellationToken cancellation)
    {
        Task<object> answer = _coordinator.Ask(question, Timeout.InfiniteTimeSpan, cancellation);
        await Task.WhenAny(answer, _terminated);

        // After an interrupt the device fails too.
        cancellation.ThrowIfCancellationRequested();
        throwIfFailed();
        return answer.IsCompleted ? await answer : throw new InvalidOperationException("the actor system has stopped.");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
