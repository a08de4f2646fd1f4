using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Membership;
using Microsoft.Extensions.Logging.Abstractions;

namespace Koalarization.Cluster.Specs.Membership;

/// <summary>A node that may found a cluster, and what other control nodes have written; in virtual time.</summary>
public sealed class FoundingActorSpecs : TestKit
{
    // Of virtual time, which is advanced in each try.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly TestProbe _done;
    private readonly Action<IReadOnlyList<ControlBeat>> _ask;
    private readonly Action _found;
    private readonly Func<IReadOnlyList<ControlBeat>> _read;
    private volatile IReadOnlyList<ControlBeat> _beats = [];

    public FoundingActorSpecs()
        : base(ConfigurationFactory.ParseString("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\""))
    {
        _done = CreateTestProbe();
        IActorRef done = _done.Ref;
        _ask = living => done.Tell($"asked {string.Join(' ', living.Select(beat => beat.Node))}", ActorRefs.NoSender);
        _found = () => done.Tell("founded", ActorRefs.NoSender);
        _read = () =>
        {
            done.Tell("looked", ActorRefs.NoSender);
            return _beats;
        };
    }

    [Fact]
    public void Where_no_other_control_node_has_written_it_founds_at_once()
    {
        Start();

        Expect("looked", "founded");
    }

    [Fact]
    public void It_asks_one_that_writes_and_founds_when_that_is_silent()
    {
        _beats = [Beat(1)];
        Start();
        Expect("looked", "asked a:1");

        for (int number = 2; number < 9; number++)
        {
            _beats = [Beat(number)];
            LookAgain();
        }

        AwaitAssert(
            () =>
            {
                ((TestScheduler)Sys.Scheduler).Advance(LivingControls.Every);
                _done.FishForMessage(message => message is "founded", TimeSpan.FromMilliseconds(50));
            },
            Patience);
    }

    private static ControlBeat Beat(long number) => new("a:1", 1, number, [], [], 0);

    private void Start() => Sys.ActorOf(Props.Create(() => new FoundingActor(_read, () => false, _ask, _found, NullLogger.Instance)));

    // The timer is set when what was read has come back.
    private void LookAgain() => AwaitAssert(
        () =>
        {
            ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMilliseconds(500));
            _done.ExpectMsg("looked", TimeSpan.FromMilliseconds(20));
        },
        Patience);

    private void Expect(params string[] messages)
    {
        foreach (string message in messages)
        {
            _done.ExpectMsg(message);
        }
    }
}
