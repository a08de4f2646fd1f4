using Akka.Actor;
using Koalarization.Harvest;

namespace Koalarization.Cluster.Specs;

/// <summary>The coordinator's part in the lending, and nothing else of it.</summary>
internal sealed class LendingActor : ReceiveActor, IWithTimers
{
    private readonly TimeProvider _clock;
    private readonly PlaceLender _lender;
    private volatile int _heard;

    public LendingActor(TimeProvider clock, JobId job, int limit)
    {
        _clock = clock;
        _lender = new PlaceLender(limit, new RetryOptions(), Now);
        _lender.Begin(job);
        Receive<FetchProtocol.HostsUsed>(used =>
        {
            _heard++;
            _lender.Hear(used, Sender, epoch: 1, Now);
        });
        Receive<NodeOwner>(owner => _lender.Gone(owner, Now));
        Receive<Second>(_ => _lender.Tick(Now));
        Receive<Heard>(_ => Sender.Tell(_heard));
        Receive<HostsKnown>(_ => Sender.Tell(_lender.Jobs.Values.SelectMany(lending => lending.Hosts.Values).ToArray()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => TimeSpan.FromTicks(_clock.GetTimestamp());

    protected override void PreStart() => Timers.StartPeriodicTimer("second", new Second(), TimeSpan.FromSeconds(1));

    /// <summary>→ how many messages came.</summary>
    internal sealed record Heard : INoSerializationVerificationNeeded;

    /// <summary>→ the hosts' loans.</summary>
    internal sealed record HostsKnown : INoSerializationVerificationNeeded;

    private sealed record Second : INoSerializationVerificationNeeded;
}
