using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Membership;
using Microsoft.Extensions.Logging.Abstractions;

namespace Koalarization.Cluster.Specs.Membership;

/// <summary>The members' addresses are kept, a second after they change; in virtual time.</summary>
public sealed class SeedNodeActorSpecs : TestKit
{
    private readonly TestProbe _written;
    private readonly IActorRef _members;
    private volatile bool _fails;

    public SeedNodeActorSpecs()
        : base(ConfigurationFactory.ParseString("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\""))
    {
        _written = CreateTestProbe();
        IActorRef written = _written.Ref;
        Action<IReadOnlyList<string>> write = members =>
        {
            written.Tell(string.Join(' ', members.Order(StringComparer.Ordinal)), ActorRefs.NoSender);
            if (_fails)
            {
                throw new IOException("the store is away");
            }
        };
        _members = Sys.ActorOf(Props.Create(() => new SeedNodeActor(write, null, NullLogger.Instance)));
    }

    [Fact]
    public void Changes_that_come_together_are_written_once()
    {
        Tell(new ClusterEvent.MemberUp(Members.Up("a", "control")), new ClusterEvent.MemberUp(Members.Up("b", "fetch")));
        Advance(SeedNodeActor.Delay);
        _written.ExpectMsg("a:8650 b:8650");

        Tell(new ClusterEvent.MemberRemoved(Members.Removed("b", "fetch"), MemberStatus.Down));
        Advance(SeedNodeActor.Delay);
        _written.ExpectMsg("a:8650");
        Advance(SeedNodeActor.TryAgainAfter);
        _written.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void What_could_not_be_written_is_tried_again()
    {
        _fails = true;
        Tell(new ClusterEvent.MemberUp(Members.Up("a", "control")));
        Advance(SeedNodeActor.Delay);
        _written.ExpectMsg("a:8650");
        AwaitAssert(() =>
        {
            Advance(SeedNodeActor.TryAgainAfter);
            _written.ExpectMsg("a:8650", TimeSpan.FromMilliseconds(100));
        });
    }

    private void Tell(params object[] messages)
    {
        foreach (object message in messages)
        {
            _members.Tell(message);
        }

        _members.Ask<ActorIdentity>(new Identify(1)).Wait();
    }

    private void Advance(TimeSpan time) => ((TestScheduler)Sys.Scheduler).Advance(time);
}
