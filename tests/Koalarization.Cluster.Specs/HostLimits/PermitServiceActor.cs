using Akka.Actor;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.HostLimits;

/// <summary>The coordinator's host permits, and nothing else of it.</summary>
internal sealed class PermitServiceActor : ReceiveActor, IWithTimers
{
    private readonly TimeProvider _clock;
    private readonly CoordinatorPermits _permits;
    private int _reports;

    public PermitServiceActor(TimeProvider clock, JobId job)
    {
        _clock = clock;
        _permits = new CoordinatorPermits(new DownloadOptions(), Now);
        _permits.Begin(job);
        Receive<FetchProtocol.ReportHostUsage>(report =>
        {
            _reports++;
            _permits.Apply(report, Sender, Now);
        });
        Receive<NodeOwner>(owner => _permits.Remove(owner, Now));
        Receive<Second>(_ => _permits.Tick(Now));
        Receive<Reports>(_ => Sender.Tell(_reports));
        Receive<KnownHosts>(_ => Sender.Tell(_permits.Hosts.ToArray()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => TimeSpan.FromTicks(_clock.GetTimestamp());

    protected override void PreStart() => Timers.StartPeriodicTimer("second", new Second(), TimeSpan.FromSeconds(1));

    /// <summary>→ how many reports came.</summary>
    internal sealed record Reports : INoSerializationVerificationNeeded;

    /// <summary>→ the hosts' permits.</summary>
    internal sealed record KnownHosts : INoSerializationVerificationNeeded;

    private sealed record Second : INoSerializationVerificationNeeded;
}
