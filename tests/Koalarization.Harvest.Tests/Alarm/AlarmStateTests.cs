using FsCheck;
using FsCheck.Xunit;

namespace Koalarization.Harvest.Tests;

public sealed class AlarmStateTests
{
    private static readonly LinkHost Living = new("living.example", 80);
    private static readonly LinkHost Suspect = new("dead.example", 80);

    private AlarmState _alarm = AlarmState.New();
    private LookupCounts _lookups;
    private int _settled;

    [Fact]
    public void Any_servers_answer_settles_what_is_open()
    {
        Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameDenied));
        Assert.Equal(AlarmAction.None, Saw(NetworkSign.ConnectionSilent));
        Assert.Equal(2, _alarm.Open);
        Assert.Equal(AlarmAction.Confirm, Answer());
        Assert.Equal(0, _alarm.Open);
    }

    [Fact]
    public void An_answer_to_a_request_that_was_made_before_settles_nothing()
    {
        Saw(NetworkSign.ConnectionDenied);
        long between = _alarm.Moment;
        Saw(NetworkSign.ConnectionDenied);

        Assert.Equal(AlarmAction.None, Followed(_alarm.Saw(NetworkSign.Answer, Living, madeAt: 0, default)));
        Assert.Equal(2, _alarm.Open);
        AlarmStep step = _alarm.Saw(NetworkSign.Answer, Living, between, default);
        Assert.Equal((AlarmAction.Confirm, 1, 1), (step.Action, step.Settled, step.State.Open));
    }

    [Fact]
    public void An_answer_of_a_host_whose_address_is_remembered_settles_nothing_about_names()
    {
        Saw(NetworkSign.NameDenied);

        Assert.Equal(AlarmAction.None, Followed(_alarm.Saw(NetworkSign.Answer, Living, _alarm.Moment, _lookups)));
        Assert.Equal(AlarmAction.Confirm, Followed(_alarm.Saw(NetworkSign.Answer, Living, _alarm.Moment, LookUp(finds: true))));
    }

    [Fact]
    public void Fifty_names_in_doubt_ask_for_a_probe_however_many_remembered_hosts_answer()
    {
        for (int i = 0; i < AlarmState.NamesInDoubt - 1; i++)
        {
            Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameSilent));
            Assert.All(Enumerable.Range(0, 3), _ => Followed(_alarm.Saw(NetworkSign.Answer, Living, _alarm.Moment, _lookups)));
        }

        Assert.Equal(AlarmAction.Probe, Saw(NetworkSign.NameSilent));
    }

    [Fact]
    public void More_than_half_of_200_suspicious_outcomes_ask_for_a_probe_of_hosts_that_answered()
    {
        Answer();
        for (int i = 1; i <= 100; i++)
        {
            Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameSilent));
            if (i % 19 == 0)
            {
                Answer();
            }
        }

        Assert.Equal(AlarmAction.Probe, Saw(NetworkSign.NameSilent));
        Assert.Equal(AlarmPhase.Judging, _alarm.Phase);
        Assert.Equal([Living], _alarm.Targets);
        Assert.Equal(NetworkFault.Names, _alarm.Fault);
    }

    [Fact]
    public void A_row_of_20_asks_for_a_probe_at_once_and_costs_a_short_rest()
    {
        Answer();
        Assert.All(Enumerable.Range(0, 19), _ => Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameDenied)));
        Assert.Equal(AlarmAction.Probe, Saw(NetworkSign.NameDenied));
        Assert.Equal(AlarmAction.Confirm, Probed(ProbeAnswer.Connected));
        Assert.All(Enumerable.Range(0, AlarmState.ShortRest), _ => Assert.Equal(AlarmAction.Confirm, Saw(NetworkSign.NameDenied)));
        Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameDenied));
    }

    [Fact]
    public void A_row_with_nobody_to_probe_is_not_looked_into_before_most_of_the_window_is_suspicious() =>
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameDenied)));

    [Fact]
    public void Only_the_last_200_count()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(i % 2 == 0 && i > 0 ? AlarmAction.Confirm : AlarmAction.None, i % 2 == 0 ? Answer() : Saw(NetworkSign.ConnectionDenied));
        }
    }

    [Fact]
    public void When_a_probe_answers_the_links_are_dead_and_the_alarm_rests_for_10_000()
    {
        Answer();
        for (int i = 1; _alarm.Phase == AlarmPhase.Watching; i++)
        {
            _ = i % 19 == 0 ? Answer() : Saw(NetworkSign.NameSilent);
        }

        Assert.Equal(AlarmAction.Confirm, Probed(ProbeAnswer.Connected));
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal(AlarmAction.Confirm, Saw(NetworkSign.NameSilent));
        }

        Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameSilent));
    }

    [Fact]
    public void When_none_answers_it_waits_with_growing_pauses_and_the_links_are_tried_again()
    {
        Trip();
        var pauses = new List<double>();
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(AlarmAction.Wait, Probed(i % 2 == 0 ? ProbeAnswer.Silent : ProbeAnswer.Denied));
            pauses.Add(_alarm.Pause.TotalSeconds);
        }

        Assert.Equal([2, 4, 8, 16, 32, 60, 60], pauses);
        Assert.Equal(AlarmPhase.Waiting, _alarm.Phase);
        Assert.Equal(101, _alarm.Open);
        Assert.Equal(AlarmAction.TryAgain, Probed(ProbeAnswer.Connected));
        Assert.Equal((AlarmPhase.Watching, 0), (_alarm.Phase, _alarm.Open));
        Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameSilent));
    }

    [Fact]
    public void Outcomes_that_come_while_it_waits_stay_open_and_answers_settle_nothing()
    {
        Trip();
        Probed(ProbeAnswer.Silent);

        Assert.Equal(AlarmAction.None, Saw(NetworkSign.ConnectionSilent));
        Assert.Equal(AlarmAction.None, Answer());
        Assert.Equal(102, _alarm.Open);
    }

    [Theory]
    [InlineData(NetworkSign.NameDenied)]
    [InlineData(NetworkSign.ConnectionDenied)]
    public void With_nobody_to_probe_a_denial_shows_that_somebody_is_there(NetworkSign denial)
    {
        Saw(denial);
        SawMany(NetworkSign.NameSilent, 99);

        Assert.Equal(AlarmAction.Confirm, Saw(NetworkSign.NameSilent));
        Assert.Equal(AlarmPhase.Watching, _alarm.Phase);
    }

    [Fact]
    public void That_earns_a_short_rest_so_a_network_that_is_gone_a_little_later_is_still_noticed()
    {
        Saw(NetworkSign.NameDenied);
        SawMany(NetworkSign.NameSilent, 100);
        SawMany(NetworkSign.NameSilent, AlarmState.ShortRest + 100);

        Assert.Equal(AlarmAction.Wait, Saw(NetworkSign.NameSilent));
    }

    [Fact]
    public void With_nobody_to_probe_and_nothing_but_silence_it_waits_until_anybody_says_anything()
    {
        SawMany(NetworkSign.ConnectionSilent, 100);

        Assert.Equal(AlarmAction.Wait, Saw(NetworkSign.ConnectionSilent));
        Assert.Equal(NetworkFault.Connections, _alarm.Fault);
        Assert.Equal(AlarmAction.Wait, Probed(ProbeAnswer.Silent));
        Assert.Equal(AlarmAction.TryAgain, Probed(ProbeAnswer.Denied));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Silence_of_few_hosts_is_believed_after_a_while_of_many_never(int hosts, bool isBelieved)
    {
        for (int i = 0; i <= 100; i++)
        {
            Followed(_alarm.Saw(NetworkSign.ConnectionSilent, new LinkHost($"h{i % hosts}.example", 80), 0, default));
        }

        List<AlarmAction> actions = [.. Enumerable.Range(0, 100).Select(_ => Probed(ProbeAnswer.Silent)).TakeWhile(action => action == AlarmAction.Wait)];

        Assert.Equal(isBelieved ? AlarmState.ProbesOfFew - 1 : 100, actions.Count);
        Assert.Equal(isBelieved ? 0 : 101, _alarm.Open);
    }

    [Fact]
    public void Thirty_links_and_no_network_are_no_thirty_dead_links()
    {
        SawMany(NetworkSign.NameSilent, 30);

        Assert.Equal(AlarmAction.Wait, Quiet());
    }

    [Fact]
    public void In_a_quiet_moment_a_single_silent_link_is_dead()
    {
        Saw(NetworkSign.ConnectionSilent);
        Assert.Equal(AlarmAction.Confirm, Quiet());

        Assert.Equal(AlarmAction.None, Quiet());
    }

    [Fact]
    public void In_a_quiet_moment_a_host_that_answered_is_asked_again()
    {
        SawMany(NetworkSign.Answer, 1);
        Assert.All(Enumerable.Range(0, 200), _ => Answer());
        Saw(NetworkSign.ConnectionSilent);

        Assert.Equal(AlarmAction.Probe, Quiet());
    }

    [Fact]
    public void This_machines_own_servers_are_outside_of_it()
    {
        var own = new LinkHost("127.0.0.1", 5000);
        Assert.Equal(NetworkSign.Nothing, NetworkSigns.Of(new FetchOutcome(FetchOutcomeKind.Connection, "refused", IsTransient: true), own));
        Assert.Equal(NetworkSign.Nothing, NetworkSigns.Of(new FetchOutcome(FetchOutcomeKind.Kept), own));
    }

    [Fact]
    public void In_a_quiet_moment_a_host_that_answers_settles_a_few_links_and_earns_a_short_rest()
    {
        _alarm = AlarmState.New(Living);
        Saw(NetworkSign.NameDenied);

        Assert.Equal(AlarmAction.Probe, Quiet());
        Assert.Equal([Living], _alarm.Targets);
        Assert.Equal(AlarmAction.Confirm, Probed(ProbeAnswer.Connected));
        for (int i = 0; i < AlarmState.ShortRest; i++)
        {
            Assert.Equal(AlarmAction.Confirm, Saw(NetworkSign.NameDenied));
        }

        Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameDenied));
    }

    [Fact]
    public void Addresses_are_not_probed_while_names_are_in_doubt()
    {
        var address = new LinkHost("192.0.2.1", 80);
        _alarm = _alarm.Saw(NetworkSign.Answer, address, 0, default).State.Saw(NetworkSign.Answer, Living, 0, default).State;
        Saw(NetworkSign.NameSilent);
        Assert.Equal([Living], _alarm.Targets);

        SawMany(NetworkSign.ConnectionSilent, 2);
        Assert.Equal([address, Living], _alarm.Targets);
    }

    [Fact]
    public void A_link_that_fails_again_and_again_is_one_failure()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(AlarmAction.None, Followed(_alarm.Saw(NetworkSign.ConnectionSilent, Suspect, 0, default, again: true)));
        }

        Assert.Equal(1000, _alarm.Open);
        Assert.Equal(AlarmAction.Confirm, Quiet());
    }

    [Fact]
    public void Names_that_fail_again_and_again_are_not_in_doubt()
    {
        Answer();
        for (int i = 0; i < 1000; i++)
        {
            Followed(_alarm.Saw(NetworkSign.NameSilent, Suspect, 0, _lookups, again: true));
        }

        Assert.Equal(AlarmAction.None, Saw(NetworkSign.NameSilent));
    }

    [Fact]
    public void While_the_host_that_the_user_named_is_silent_the_network_is_waited_for()
    {
        _alarm = AlarmState.New(Living);
        SawMany(NetworkSign.NameSilent, 50);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(AlarmAction.Wait, Probed(ProbeAnswer.Silent)));
    }

    [Fact]
    public void Few_hosts_are_remembered_the_last_ones()
    {
        for (int i = 0; i < 100; i++)
        {
            _alarm = _alarm.Saw(NetworkSign.Answer, new LinkHost($"h{i % 50}.example", 80), 0, default).State;
        }

        Assert.Equal(Enumerable.Range(42, 8).Select(i => $"h{i}.example"), _alarm.Targets.Select(host => host.Name));
    }

    [Fact]
    public void Outcomes_that_say_nothing_of_the_network_change_nothing() =>
        Assert.Same(_alarm, _alarm.Saw(NetworkSign.Nothing, Suspect, 0, default).State);

    [Property]
    public void Every_open_outcome_is_settled_once_and_the_count_is_right(bool named, byte[] events)
    {
        _alarm = AlarmState.New(named ? Living : null);
        int open = 0;
        foreach (byte e in events.SelectMany(e => Enumerable.Repeat(e, 1 + (e % 40))))
        {
            AlarmPhase before = _alarm.Phase;
            AlarmAction action;
            if (e % 11 == 0)
            {
                action = Quiet();
            }
            else if (before != AlarmPhase.Watching && e % 3 == 0)
            {
                action = Probed((ProbeAnswer)(e % 4 % 3));
            }
            else
            {
                var sign = (NetworkSign)(e % 6);
                open += sign.IsSuspicious() ? 1 : 0;
                action = Saw(sign);
            }

            open -= _settled;
            Assert.Equal(open, _alarm.Open);
            Assert.True(_settled == 0 || action is AlarmAction.Confirm or AlarmAction.TryAgain);
            Assert.Equal(action is AlarmAction.Probe or AlarmAction.Wait || (action == AlarmAction.None && before != AlarmPhase.Watching), _alarm.Phase != AlarmPhase.Watching);
            Assert.True(action != AlarmAction.TryAgain || before == AlarmPhase.Waiting);
            Assert.True(action != AlarmAction.Probe || _alarm.Targets.Count > 0);
        }

        if (_alarm.Phase == AlarmPhase.Watching)
        {
            Assert.True(_alarm.Open == 0 || Quiet() != AlarmAction.None);
        }
    }

    private void Trip()
    {
        Answer();
        SawMany(NetworkSign.NameSilent, 101);
        Assert.Equal(AlarmPhase.Judging, _alarm.Phase);
    }

    private void SawMany(NetworkSign sign, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Saw(sign);
        }
    }

    private LookupCounts LookUp(bool finds) =>
        _lookups = new LookupCounts(_lookups.Begun + 1, finds ? _lookups.Begun + 1 : _lookups.NewestGood);

    private AlarmAction Answer() => Followed(_alarm.Saw(NetworkSign.Answer, Living, madeAt: _alarm.Moment, LookUp(finds: true)));

    private AlarmAction Saw(NetworkSign sign) => Followed(_alarm.Saw(sign, Suspect, madeAt: _alarm.Moment, LookUp(finds: false)));

    private AlarmAction Quiet() => Followed(_alarm.Quiet());

    private AlarmAction Probed(ProbeAnswer answer) => Followed(_alarm.Probed(answer, answer == ProbeAnswer.Connected ? Living : null));

    private AlarmAction Followed(AlarmStep step)
    {
        _alarm = step.State;
        _settled = step.Settled;
        return step.Action;
    }
}
