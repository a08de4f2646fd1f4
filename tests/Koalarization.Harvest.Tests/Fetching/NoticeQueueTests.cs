using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class NoticeQueueTests
{
    [Fact]
    public void Notices_are_delivered_in_order_one_call_at_a_time_and_each_once()
    {
        var delivered = new List<int>();
        int calls = 0;
        var queue = new NoticeQueue(notice =>
        {
            Assert.Equal(1, Interlocked.Increment(ref calls));
            delivered.Add(((NetworkBack)notice).Links);
            Interlocked.Decrement(ref calls);
        });
        var adding = new Lock();
        int next = 0;

        Parallel.For(0, 1000, _ =>
        {
            lock (adding)
            {
                queue.Add(new NetworkBack(next++, TimeSpan.Zero));
            }

            queue.Deliver();
        });

        Assert.Equal(Enumerable.Range(0, 1000), delivered);
    }

    [Fact]
    public void A_listener_that_leads_to_another_notice_is_called_again_afterwards()
    {
        NoticeQueue queue = null!;
        bool isInside = false;
        var delivered = new List<int>();
        queue = new NoticeQueue(notice =>
        {
            Assert.False(isInside);
            isInside = true;
            delivered.Add(((NetworkBack)notice).Links);
            if (delivered.Count == 1)
            {
                queue.Add(new NetworkBack(2, TimeSpan.Zero));
                queue.Deliver();
            }

            isInside = false;
        });

        queue.Add(new NetworkBack(1, TimeSpan.Zero));
        queue.Deliver();

        Assert.Equal([1, 2], delivered);
    }
}
