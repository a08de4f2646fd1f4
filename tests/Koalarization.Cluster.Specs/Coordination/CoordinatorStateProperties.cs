using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>
/// The coordinator's state among nodes that die, stall, hand back and send twice or late, and coordinators that start again: each slice is resolved once,
/// each survivor is in exactly one record, in order, and it ends.
/// </summary>
public sealed class CoordinatorStateProperties
{
    [Property(MaxTest = 100)]
    public Property Any_interleaving_gives_each_survivor_once_and_in_order_and_ends()
    {
        var worlds =
            from survivors in Gen.Choose(0, 6).ListOf(10)
            from perRecord in Gen.Choose(1, 7)
            from fetchers in Gen.Choose(1, 4)
            from seed in Gen.Choose(0, int.MaxValue)
            select (survivors, perRecord, fetchers, seed);
        return Prop.ForAll(Arb.From(worlds), world =>
        {
            var simulated = new SimulatedCluster([.. world.survivors], world.perRecord, world.fetchers, new Random(world.seed));
            simulated.Misbehave(steps: 300);
            simulated.Finish();
            Assert.True(simulated.IsDone, "it does not end");
            Assert.Equal(simulated.Survivors, simulated.PicturesInRecords);
        });
    }
}
