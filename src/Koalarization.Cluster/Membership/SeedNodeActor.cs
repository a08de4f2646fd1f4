using Akka.Actor;
using Akka.Cluster;
using Koalarization.Cluster.Fetching;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Membership;

/// <summary><c>/user/members</c> of a control node: keeps the members' addresses in the store, for nodes that are started again.</summary>
internal sealed partial class SeedNodeActor : ReceiveActor, IWithTimers
{
    /// <summary>Its name.</summary>
    public const string ActorName = "members";

    /// <summary>Changes that come together are written once.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>How long after a failure it is tried again.</summary>
    public static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(10);

    private readonly Action<IReadOnlyList<string>> _write;
    private readonly Akka.Cluster.Cluster? _cluster;
    private readonly ILogger _log;
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private bool _isWriting;

    /// <param name="write">Writes them; it blocks.</param>
    /// <param name="cluster">Whose events it follows; null: a test sends them.</param>
    /// <param name="log">Its log.</param>
    public SeedNodeActor(Action<IReadOnlyList<string>> write, Akka.Cluster.Cluster? cluster, ILogger log)
    {
        (_write, _cluster, _log) = (write, cluster, log);
        Receive<ClusterEvent.MemberUp>(up => OnChange(_members.Add(AddressOf(up.Member))));
        Receive<ClusterEvent.MemberRemoved>(removed => OnChange(_members.Remove(AddressOf(removed.Member))));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<WriteNow>(_ => OnWriteNow());
        Receive<Written>(written => OnWritten(written.Failure));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        _cluster?.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster?.Unsubscribe(Self);

    private static string AddressOf(Member member) => $"{member.Address.Host}:{member.Address.Port}";

    private void OnChange(bool isChange)
    {
        if (isChange)
        {
            WriteAfter(Delay);
        }
    }

    private void WriteAfter(TimeSpan delay) => Timers.StartSingleTimer(WriteNow.Instance, WriteNow.Instance, delay);

    private void OnWriteNow()
    {
        if (_isWriting)
        {
            WriteAfter(Delay);
            return;
        }

        _isWriting = true;
        string[] members = [.. _members];
        _ = Task.Run(() => _write(members)).PipeTo(Self, success: () => new Written(Failure: null), failure: failure => new Written(failure));
    }

    private void OnWritten(Exception? failure)
    {
        _isWriting = false;
        if (failure is not null)
        {
            Log.NotKept(_log, StoreFault.Sentence(failure, continues: true));
            WriteAfter(TryAgainAfter);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Members' addresses cannot be stored: {Why}")]
        public static partial void NotKept(ILogger log, string why);
    }

    private sealed record WriteNow : INoSerializationVerificationNeeded
    {
        public static readonly WriteNow Instance = new();
    }

    private sealed record Written(Exception? Failure) : INoSerializationVerificationNeeded;
}
