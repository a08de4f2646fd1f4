using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests.Devices;

public sealed class SliceTests
{
    [Property(MaxTest = 50)]
    public Property Does_every_slice_once_and_one_at_a_time_for_each_member()
        => Prop.ForAll(Gen.Choose(1, 5).ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (members, slices) =>
        {
            using var threads = new SliceThreads(members, () => { });
            var done = new ConcurrentBag<int>();
            var busy = new int[members];
            bool alone = true;
            for (int run = 0; run < 3; run++)
            {
                done.Clear();
                threads.Run(slices, (member, slice) =>
                {
                    alone &= Interlocked.Increment(ref busy[member]) == 1;
                    done.Add(slice);
                    Interlocked.Decrement(ref busy[member]);
                });
            }

            return alone && done.Order().SequenceEqual(Enumerable.Range(0, slices));
        });

    [Fact]
    public void Throws_what_a_slice_threw_and_goes_on_working()
    {
        using var threads = new SliceThreads(2, () => { });

        Assert.Throws<InvalidDataException>(() => threads.Run(4, (_, slice) =>
        {
            if (slice == 3)
            {
                throw new InvalidDataException("slice 3");
            }
        }));

        int done = 0;
        threads.Run(4, (_, _) => Interlocked.Increment(ref done));
        Assert.Equal(4, done);
    }

    [Fact]
    public void Begins_no_slice_after_a_cancellation_and_ends_when_no_member_works()
    {
        using var threads = new SliceThreads(2, () => { });
        using var stop = new CancellationTokenSource();
        int begun = 0, working = 0;

        Assert.Throws<OperationCanceledException>(() => threads.Run(
            100,
            (_, _) =>
            {
                Interlocked.Increment(ref working);
                Interlocked.Increment(ref begun);
                stop.Cancel();
                Interlocked.Decrement(ref working);
            },
            stop.Token));

        Assert.InRange(begun, 1, 2);
        Assert.Equal(0, working);
    }

    [Theory]
    [InlineData(8, 2, 2, 2)]
    [InlineData(32, 2, 2, 4)]
    [InlineData(8, 16, 8, 1)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(5, 2, 2, 1)]
    public void Shares_a_batch_out_to_the_cores(int batch, int cores, int threads, int picturesPerSlice)
        => Assert.Equal(new SlicePlan(threads, picturesPerSlice), SlicePlan.ForCores(batch, cores));

    [Property]
    public bool Slices_hold_all_pictures(PositiveInt batch, PositiveInt cores, PositiveInt pictures)
    {
        SlicePlan plan = SlicePlan.ForCores(batch.Get, cores.Get);
        int slices = plan.SlicesOf(pictures.Get);
        return slices * plan.PicturesPerSlice >= pictures.Get && (slices - 1) * plan.PicturesPerSlice < pictures.Get;
    }
}
