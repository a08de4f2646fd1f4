using Koalarization.Cluster.Membership;

namespace Koalarization.Cluster.Specs.Membership;

public sealed class LivingControlsTests
{
    private readonly LivingControls _living = new();
    private TimeSpan _now;

    [Fact]
    public void What_a_killed_one_left_behind_is_waited_for_and_then_forgotten()
    {
        Look(5);
        Assert.Equal((1, 0), (_living.Possible.Count, _living.Certain.Count));

        _now += LivingControls.Silence - LivingControls.Every;
        Look(5);
        Assert.Empty(_living.Possible);
    }

    [Fact]
    public void One_that_writes_again_and_again_lives_and_when_it_stops_it_does_not()
    {
        Look(5);
        Look(6);
        Look(7);
        Assert.Empty(_living.Certain);
        Look(8);
        Assert.Equal([8L], _living.Certain.Select(beat => beat.Number));

        _now += LivingControls.Silence;
        Look(8);
        Assert.Equal((0, 0), (_living.Possible.Count, _living.Certain.Count));
    }

    [Fact]
    public void One_that_is_started_again_is_another()
    {
        Look(5);
        Look(6);
        Look(7);
        Look(1, uid: 2);

        Assert.Equal([2], _living.Possible.Select(beat => beat.Uid));
        Assert.Empty(_living.Certain);
    }

    [Fact]
    public void One_that_has_left_is_gone_at_once()
    {
        Look(5);
        _living.Add([], _now);

        Assert.Empty(_living.Possible);
    }

    private void Look(long number, int uid = 1)
    {
        _living.Add([new ControlBeat("a:1", uid, number, [], [], 0)], _now);
        _now += LivingControls.Every;
    }
}
