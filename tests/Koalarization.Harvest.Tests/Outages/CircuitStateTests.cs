using FsCheck;
using FsCheck.Xunit;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Tests.Outages;

public sealed class CircuitStateTests
{
    private static readonly LinkHost Living = new("living.example", 80);
    private static readonly LinkHost Suspect = new("dead.example", 80);

    private CircuitState _circuit = new();
    private LookupCounts _lookups;
    private int _settled;

    [Fact]
    public void Any_servers_answer_settles_what_is_pending()
    {
        Assert.Equal(CircuitAction.None, Record(NetworkSignal.NameDenied));
        Assert.Equal(CircuitAction.None, Record(NetworkSignal.ConnectionSilent));
        Assert.Equal(2, _circuit.Pending.Count);
        Assert.Equal(CircuitAction.Confirm, Answer());
        Assert.Empty(_circuit.Pending);
    }

    [Fact]
    public void An_answer_to_a_request_that_was_made_before_settles_nothing()
    {
        Record(NetworkSignal.ConnectionDenied);
        long between = _circuit.Sequence;
        Record(NetworkSignal.ConnectionDenied);

        Assert.Equal(CircuitAction.None, Followed(_circuit.Answered(Living, madeAt: 0, newestGoodLookup: 0)));
        Assert.Equal(2, _circuit.Pending.Count);
        CircuitStep step = _circuit.Answered(Living, between, newestGoodLookup: 0);
        Assert.Equal((true, 1, 1), (step.AreFinal, step.Settled.Count, step.State.Pending.Count));
    }

    [Fact]
    public void An_answer_of_a_host_whose_address_is_cached_settles_nothing_about_names()
    {
        Record(NetworkSignal.NameDenied);

        Assert.Equal(CircuitAction.None, Followed(_circuit.Answered(Living, _circuit.Sequence, _lookups.NewestGood)));
        Assert.Equal(CircuitAction.Confirm, Followed(_circuit.Answered(Living, _circuit.Sequence, LookUp(finds: true).NewestGood)));
    }

    [Fact]
    public void More_than_half_of_200_suspicious_outcomes_ask_for_a_probe_of_hosts_that_answered()
    {
        Answer();
        for (int i = 1; i <= 100; i++)
        {
            Assert.Equal(CircuitAction.None, Record(NetworkSignal.NameSilent));
            if (i % 19 == 0)
            {
                Answer();
            }
        }

        Assert.Equal(CircuitAction.Probe, Record(NetworkSignal.NameSilent));
        Assert.Equal(CircuitPhase.HalfOpen, _circuit.Phase);
        Assert.Equal([Living], _circuit.Targets);
        Assert.Equal(NetworkFault.Names, _circuit.Fault);
    }

    [Fact]
    public void A_row_of_20_asks_for_a_probe_at_once_and_costs_a_short_rest()
    {
        Answer();
        Assert.All(Enumerable.Range(0, 19), _ => Assert.Equal(CircuitAction.None, Record(NetworkSignal.NameDenied)));
        Assert.Equal(CircuitAction.Probe, Record(NetworkSignal.NameDenied));
        Assert.Equal(CircuitAction.Confirm, Probed(ProbeAnswer.Connected));
        Assert.All(Enumerable.Range(0, CircuitState.ShortCooldown), _ => Assert.Equal(CircuitAction.Confirm, Record(NetworkSignal.NameDenied)));
        Assert.Equal(CircuitAction.None, Record(NetworkSignal.NameDenied));
    }

    [Fact]
    public void A_row_without_a_host_to_probe_opens_nothing_before_most_of_the_window_is_suspicious() =>
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(CircuitAction.None, Record(NetworkSignal.NameDenied)));

    [Fact]
    public void Only_the_last_200_count()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(i % 2 == 0 && i > 0 ? CircuitAction.Confirm : CircuitAction.None, i % 2 == 0 ? Answer() : Record(NetworkSignal.ConnectionDenied));
        }
    }

    [Fact]
    public void When_a_probe_answers_the_links_are_dead_and_the_circuit_stays_closed_for_10_000()
    {
        Answer();
        for (int i = 1; _circuit.Phase == CircuitPhase.Closed; i++)
        {
            _ = i % 19 == 0 ? Answer() : Record(NetworkSignal.NameSilent);
        }

        Assert.Equal(CircuitAction.Confirm, Probed(ProbeAnswer.Connected));
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal(CircuitAction.Confirm, Record(NetworkSignal.NameSilent));
        }

        Assert.Equal(CircuitAction.None, Record(NetworkSignal.NameSilent));
    }

    [Fact]
    public void When_none_answers_it_waits_with_growing_pauses_and_the_links_are_tried_again()
    {
        Trip();
        var pauses = new List<double>();
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(CircuitAction.Wait, Probed(i % 2 == 0 ? ProbeAnswer.Silent : ProbeAnswer.Denied));
            pauses.Add(_circuit.Pause.TotalSeconds);
        }

        Assert.Equal([2, 4, 8, 16, 32, 60, 60], pauses);
        Assert.Equal(CircuitPhase.Open, _circuit.Phase);
        Assert.Equal(101, _circuit.Pending.Count);
        Assert.Equal(CircuitAction.TryAgain, Probed(ProbeAnswer.Connected));
        Assert.Equal((CircuitPhase.Closed, 0), (_circuit.Phase, _circuit.Pending.Count));
        Assert.Equal(CircuitAction.None, Record(NetworkSignal.NameSilent));
    }

    [Fact]
    public void Outcomes_that_come_while_it_is_open_stay_pending_and_answers_settle_nothing()
    {
        Trip();
        Probed(ProbeAnswer.Silent);

        Assert.Equal(CircuitAction.None, Record(NetworkSignal.ConnectionSilent));
        Assert.Equal(CircuitAction.None, Answer());
        Assert.Equal(102, _circuit.Pending.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_host_to_probe_a_denial_shows_that_the_network_is_there(bool ofName)
    {
        Record(ofName ? NetworkSignal.NameDenied : NetworkSignal.ConnectionDenied);
        RecordMany(NetworkSignal.NameSilent, 99);

        Assert.Equal(CircuitAction.Confirm, Record(NetworkSignal.NameSilent));
        Assert.Equal(CircuitPhase.Closed, _circuit.Phase);
    }

    [Fact]
    public void That_earns_a_short_rest_so_a_network_that_fails_a_little_later_is_still_noticed()
    {
        Record(NetworkSignal.NameDenied);
        RecordMany(NetworkSignal.NameSilent, 100);
        RecordMany(NetworkSignal.NameSilent, CircuitState.ShortCooldown + 100);

        Assert.Equal(CircuitAction.Wait, Record(NetworkSignal.NameSilent));
    }

    [Fact]
    public void Without_a_host_to_probe_and_after_nothing_but_silence_it_waits_until_any_host_answers()
    {
        RecordMany(NetworkSignal.ConnectionSilent, 100);

        Assert.Equal(CircuitAction.Wait, Record(NetworkSignal.ConnectionSilent));
        Assert.Equal(NetworkFault.Connections, _circuit.Fault);
        Assert.Equal(CircuitAction.Wait, Probed(ProbeAnswer.Silent));
        Assert.Equal(CircuitAction.TryAgain, Probed(ProbeAnswer.Denied));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Few_silent_hosts_are_taken_for_dead_after_eight_probes_many_never(int hosts, bool isBelieved)
    {
        for (int i = 0; i <= 100; i++)
        {
            Followed(_circuit.Failed(new PendingOutcome(NetworkSignal.ConnectionSilent, new LinkHost($"h{i % hosts}.example", 80), 0, 0)));
        }

        List<CircuitAction> actions = [.. Enumerable.Range(0, 100).Select(_ => Probed(ProbeAnswer.Silent)).TakeWhile(action => action == CircuitAction.Wait)];

        Assert.Equal(isBelieved ? CircuitState.ProbesOfFewHosts - 1 : 100, actions.Count);
        Assert.Equal(isBelieved ? 0 : 101, _circuit.Pending.Count);
    }

    [Fact]
    public void Thirty_links_and_no_network_are_no_thirty_dead_links()
    {
        RecordMany(NetworkSignal.NameSilent, 30);

        Assert.Equal(CircuitAction.Wait, Idle());
    }

    [Fact]
    public void A_single_silent_link_is_dead_when_nothing_is_on_the_way()
    {
        Record(NetworkSignal.ConnectionSilent);
        Assert.Equal(CircuitAction.Confirm, Idle());

        Assert.Equal(CircuitAction.None, Idle());
    }

    [Fact]
    public void A_host_that_answered_is_probed_when_nothing_is_on_the_way()
    {
        RecordMany(NetworkSignal.Answer, 1);
        Assert.All(Enumerable.Range(0, 200), _ => Answer());
        Record(NetworkSignal.ConnectionSilent);

        Assert.Equal(CircuitAction.Probe, Idle());
    }

    [Fact]
    public void Loopback_hosts_say_nothing_of_the_network()
    {
        var own = new LinkHost("127.0.0.1", 5000);
        Assert.Equal(NetworkSignal.None, NetworkSignals.Of(new FetchOutcome(FetchOutcomeKind.Connection, "refused", IsTransient: true), own));
        Assert.Equal(NetworkSignal.None, NetworkSignals.Of(new FetchOutcome(FetchOutcomeKind.Kept), own));
    }

    [Fact]
    public void A_host_that_answers_when_nothing_is_on_the_way_settles_a_few_links_for_a_short_rest()
    {
        _circuit = new CircuitState(Living);
        Record(NetworkSignal.NameDenied);

        Assert.Equal(CircuitAction.Probe, Idle());
        Assert.Equal([Living], _circuit.Targets);
        Assert.Equal(CircuitAction.Confirm, Probed(ProbeAnswer.Connected));
        for (int i = 0; i < CircuitState.ShortCooldown; i++)
        {
            Assert.Equal(CircuitAction.Confirm, Record(NetworkSignal.NameDenied));
        }

        Assert.Equal(CircuitAction.None, Record(NetworkSignal.NameDenied));
    }

    [Fact]
    public void Addresses_are_not_probed_while_names_cannot_be_looked_up()
    {
        var address = new LinkHost("192.0.2.1", 80);
        _circuit = _circuit.Answered(address, 0, 0).State.Answered(Living, 0, 0).State;
        Record(NetworkSignal.NameSilent);
        Assert.Equal([Living], _circuit.Targets);

        RecordMany(NetworkSignal.ConnectionSilent, 2);
        Assert.Equal([address, Living], _circuit.Targets);
    }

    [Fact]
    public void A_link_that_fails_again_and_again_is_one_failure()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(CircuitAction.None, Followed(_circuit.Failed(new PendingOutcome(NetworkSignal.ConnectionSilent, Suspect, 0, 0), failedBefore: true)));
        }

        Assert.Equal(1000, _circuit.Pending.Count);
        Assert.Equal(CircuitAction.Confirm, Idle());
    }

    [Fact]
    public void While_the_host_that_the_user_named_is_silent_the_network_is_waited_for()
    {
        _circuit = new CircuitState(Living);
        RecordMany(NetworkSignal.NameSilent, 50);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(CircuitAction.Wait, Probed(ProbeAnswer.Silent)));
    }

    [Fact]
    public void Few_hosts_are_remembered_the_last_ones()
    {
        for (int i = 0; i < 100; i++)
        {
            _circuit = _circuit.Answered(new LinkHost($"h{i % 50}.example", 80), 0, 0).State;
        }

        Assert.Equal(Enumerable.Range(42, 8).Select(i => $"h{i}.example"), _circuit.Targets.Select(host => host.Name));
    }

    [Property]
    public void Every_pending_outcome_is_settled_once_and_the_count_is_right(bool named, byte[] events)
    {
        _circuit = new CircuitState(named ? Living : null);
        int open = 0;
        foreach (byte e in events.SelectMany(e => Enumerable.Repeat(e, 1 + (e % 40))))
        {
            CircuitPhase before = _circuit.Phase;
            CircuitAction action;
            if (e % 11 == 0)
            {
                action = Idle();
            }
            else if (before != CircuitPhase.Closed && e % 3 == 0)
            {
                action = Probed((ProbeAnswer)(e % 4 % 3));
            }
            else
            {
                var sign = (NetworkSignal)(1 + (e % 5));
                open += sign.IsSuspicious() ? 1 : 0;
                action = Record(sign);
            }

            open -= _settled;
            Assert.Equal(open, _circuit.Pending.Count);
            Assert.True(_settled == 0 || action is CircuitAction.Confirm or CircuitAction.TryAgain);
            Assert.Equal(action is CircuitAction.Probe or CircuitAction.Wait || (action == CircuitAction.None && before != CircuitPhase.Closed), _circuit.Phase != CircuitPhase.Closed);
            Assert.True(action != CircuitAction.TryAgain || before == CircuitPhase.Open);
            Assert.True(action != CircuitAction.Probe || _circuit.Targets.Length > 0);
        }

        if (_circuit.Phase == CircuitPhase.Closed)
        {
            Assert.True(_circuit.Pending.IsEmpty || Idle() != CircuitAction.None);
        }
    }

    private void Trip()
    {
        Answer();
        RecordMany(NetworkSignal.NameSilent, 101);
        Assert.Equal(CircuitPhase.HalfOpen, _circuit.Phase);
    }

    private void RecordMany(NetworkSignal sign, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Record(sign);
        }
    }

    private LookupCounts LookUp(bool finds) =>
        _lookups = new LookupCounts(_lookups.Begun + 1, finds ? _lookups.Begun + 1 : _lookups.NewestGood);

    private CircuitAction Answer() => Followed(_circuit.Answered(Living, madeAt: _circuit.Sequence, LookUp(finds: true).NewestGood));

    private CircuitAction Record(NetworkSignal sign) => sign == NetworkSignal.Answer
        ? Followed(_circuit.Answered(Suspect, _circuit.Sequence, LookUp(finds: false).NewestGood))
        : Followed(_circuit.Failed(new PendingOutcome(sign, Suspect, _circuit.Sequence, LookUp(finds: false).Begun)));

    private CircuitAction Idle() => Followed(_circuit.Idle());

    private CircuitAction Probed(ProbeAnswer answer)
    {
        CircuitAction action = Followed(_circuit.Probed(answer, Living));
        return action == CircuitAction.None ? CircuitAction.Wait : action;
    }

    private CircuitAction Followed(CircuitStep step)
    {
        CircuitPhase before = _circuit.Phase;
        _circuit = step.State;
        _settled = step.Settled.Count;
        return (_settled, before, _circuit.Phase) switch
        {
            ( > 0, _, _) => step.AreFinal ? CircuitAction.Confirm : CircuitAction.TryAgain,
            (_, CircuitPhase.Closed, CircuitPhase.HalfOpen) => CircuitAction.Probe,
            (_, CircuitPhase.Closed, CircuitPhase.Open) => CircuitAction.Wait,
            _ => CircuitAction.None,
        };
    }

    /// <summary>What a step comes to: outcomes are final, or tried again; or hosts are probed, now or after a pause.</summary>
    private enum CircuitAction
    {
        None,
        Confirm,
        TryAgain,
        Probe,
        Wait,
    }
}
