using FsCheck;
using FsCheck.Xunit;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class BodyBudgetTests
{
    private readonly BodyBudget _budget = new(100);

    [Fact]
    public void What_fits_is_taken_at_once_and_comes_back()
    {
        using (BodyShare share = _budget.Open())
        {
            Assert.True(Takes(share, 60));
            share.Return(20);
            Assert.Equal(40, _budget.Taken);
        }

        Assert.Equal(0, _budget.Taken);
    }

    [Fact]
    public void One_body_may_go_beyond_the_budget_and_the_next_waits_for_it()
    {
        BodyShare large = _budget.Open();
        Assert.True(Takes(large, 1000));
        BodyShare next = _budget.Open();
        Task waits = next.TakeAsync(1, default);
        Assert.False(waits.IsCompleted);
        Assert.True(Takes(large, 500));

        large.Dispose();

        Assert.True(waits.IsCompletedSuccessfully);
        Assert.Equal(1, _budget.Taken);
    }

    [Fact]
    public void Who_waits_is_served_in_order_and_nobody_small_slips_by()
    {
        BodyShare first = _budget.Open();
        Takes(first, 90);
        BodyShare exempt = _budget.Open();
        Takes(exempt, 50);
        BodyShare large = _budget.Open();
        BodyShare small = _budget.Open();
        Task largeWaits = large.TakeAsync(60, default);
        Task smallWaits = small.TakeAsync(5, default);

        first.Return(85);
        Assert.False(largeWaits.IsCompleted || smallWaits.IsCompleted);
        first.Return(5);
        Assert.False(largeWaits.IsCompleted || smallWaits.IsCompleted);
        exempt.Dispose();
        Assert.True(largeWaits.IsCompletedSuccessfully && smallWaits.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nothing_and_holds_up_nobody()
    {
        BodyShare exempt = _budget.Open();
        Takes(exempt, 101);
        using var caller = new CancellationTokenSource();
        Task givesUp = _budget.Open().TakeAsync(50, caller.Token);
        Task waits = _budget.Open().TakeAsync(70, default);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp);
        exempt.Dispose();

        Assert.True(waits.IsCompletedSuccessfully);
        Assert.Equal(70, _budget.Taken);
    }

    [Property]
    public void However_bodies_grow_and_end_all_do_and_no_more_than_one_goes_beyond(byte[] events)
    {
        var bodies = new List<(BodyShare Share, Task Waits)>();
        void Check() => Assert.True(_budget.Taken <= 100 + (bodies.Count == 0 ? 0 : bodies.Max(body => body.Share.Bytes)));
        foreach (byte e in events)
        {
            int[] free = [.. Enumerable.Range(0, bodies.Count).Where(i => bodies[i].Waits.IsCompleted)];
            if (e % 3 == 0 || free.Length == 0)
            {
                BodyShare share = _budget.Open();
                bodies.Add((share, share.TakeAsync(1 + (e % 50), default)));
            }
            else if (e % 3 == 1)
            {
                BodyShare share = bodies[free[e % free.Length]].Share;
                bodies[free[e % free.Length]] = (share, share.TakeAsync(1 + (e % 70), default));
            }
            else
            {
                bodies[free[e % free.Length]].Share.Dispose();
                bodies.RemoveAt(free[e % free.Length]);
            }

            Check();
            Assert.True(bodies.Count == 0 || bodies.Exists(body => body.Waits.IsCompleted), "deadlock");
        }

        while (bodies.Count > 0)
        {
            int free = bodies.FindIndex(body => body.Waits.IsCompleted);
            Assert.True(free >= 0, "deadlock");
            bodies[free].Share.Dispose();
            bodies.RemoveAt(free);
            Check();
        }

        Assert.Equal(0, _budget.Taken);
    }

    private static bool Takes(BodyShare share, int bytes) => share.TakeAsync(bytes, default).IsCompletedSuccessfully;
}
