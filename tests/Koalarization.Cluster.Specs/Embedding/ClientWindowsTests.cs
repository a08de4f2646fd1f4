using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Cluster.Embedding;

namespace Koalarization.Cluster.Specs.Embedding;

public sealed class ClientWindowsTests
{
    private const int Request = EmbedProtocol.MaxImages;
    private const int Capacity = 96;

    private readonly ClientWindows<int> _windows = new();

    [Fact]
    public void A_client_that_is_alone_may_have_all_the_capacity_in_flight()
    {
        Assert.Equal(Capacity, _windows.Of(1, Capacity));
        Take(1, Capacity);

        Assert.Equal(Capacity, _windows.Of(1, Capacity));
    }

    [Fact]
    public void A_second_client_gets_half_at_once_and_the_first_comes_down_to_the_other_half()
    {
        Take(1, Capacity);
        Assert.Equal(Capacity / 2, _windows.Of(2, Capacity));
        Take(2, Capacity / 2);

        Assert.Equal(Capacity / 2, _windows.Of(1, Capacity));
    }

    [Fact]
    public void What_small_clients_leave_goes_to_the_large_one()
    {
        Take(1, 1);
        Take(2, 1);
        Take(3, 64);

        Assert.Equal(Capacity, _windows.Of(3, Capacity));
    }

    [Fact]
    public void A_client_without_work_takes_nothing_from_the_others()
    {
        Take(1, Request);
        Take(2, Request);
        _windows.End(1, Request);

        Assert.Equal(Capacity, _windows.Of(2, Capacity));
        Assert.Equal(Request, _windows.InWork);
    }

    [Fact]
    public void Nothing_is_open_without_a_device() => Assert.Equal(0, _windows.Of(1, 0));

    [Fact]
    public void Twice_the_capacity_is_the_end_but_a_client_without_work_can_always_send_a_request()
    {
        Take(1, 2 * Capacity);

        Assert.False(_windows.TryTake(1, 1, Capacity));
        Assert.True(_windows.TryTake(2, Request, Capacity));
        Assert.False(_windows.TryTake(2, 1, Capacity));
        _windows.End(1, 2 * Request);
        Assert.True(_windows.TryTake(2, Request, Capacity));
    }

    /// <summary>Each number is a request of one of four greedy clients, which sometimes have a window that is out of date, or the end of its oldest.</summary>
    [Property(MaxTest = 200, EndSize = 400)]
    public Property Whatever_clients_do_each_has_a_share_and_all_together_are_bounded() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 999)).ToArbitrary(), script =>
        {
            var windows = new ClientWindows<int>();
            int[] inFlight = new int[4];
            foreach (int happening in script)
            {
                (int what, int client) = Math.DivRem(happening, 4);
                (bool ends, bool isOutOfDate) = (what % 10 < 2, what % 10 < 6);
                if (ends && inFlight[client] > 0)
                {
                    windows.End(client, Request);
                    inFlight[client] -= Request;
                }
                else if (isOutOfDate || inFlight[client] + Request <= windows.Of(client, Capacity))
                {
                    bool isTaken = windows.TryTake(client, Request, Capacity);
                    Assert.True(isTaken || inFlight[client] > 0, "A client without work was rejected.");
                    inFlight[client] += isTaken ? Request : 0;
                }

                int busy = inFlight.Count(images => images > 0);
                Assert.Equal(inFlight.Sum(), windows.InWork);
                Assert.InRange(windows.InWork, 0, (2 * Capacity) + (inFlight.Length * Request));
                Assert.All(Enumerable.Range(0, 4), each => Assert.True(windows.Of(each, Capacity) >= Capacity / Math.Max(1, inFlight[each] > 0 ? busy : busy + 1)));
                Assert.All(Enumerable.Range(0, 4), each => Assert.Equal(0, windows.Of(each, Capacity) % Request));
            }
        });

    private void Take(int client, int images) => Assert.True(_windows.TryTake(client, images, Capacity));
}
