using Akka.Actor;
using Akka.Cluster;

namespace Koalarization.Cluster.Membership;

/// <summary>Notifies its parent of who is a member of the cluster: <see cref="ClusterMember"/> whenever one is new or changes, and <see cref="ClusterMemberGone"/>.</summary>
internal sealed class ClusterMembershipActor : ReceiveActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public ClusterMembershipActor()
    {
        Receive<ClusterEvent.MemberRemoved>(removed =>
            Context.Parent.Tell(new ClusterMemberGone(removed.Member.Address.ToString(), removed.Member.UniqueAddress.Uid)));
        Receive<ClusterEvent.IMemberEvent>(changed => Tell(changed.Member, !_cluster.State.Unreachable.Contains(changed.Member)));
        Receive<ClusterEvent.UnreachableMember>(lost => Tell(lost.Member, isReachable: false));
        Receive<ClusterEvent.ReachableMember>(back => Tell(back.Member, isReachable: true));
    }

    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private static void Tell(Member member, bool isReachable) => Context.Parent.Tell(
        new ClusterMember(member.Address.ToString(), member.UniqueAddress.Uid, [.. member.Roles], member.Status.ToString(), isReachable));
}
