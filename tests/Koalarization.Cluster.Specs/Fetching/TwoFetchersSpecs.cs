using System.Security.Cryptography;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Fetching;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Cluster.Specs.Fetching;

/// <summary>Two nodes work on one slice: its lease expired, or it was leased twice.</summary>
public sealed class TwoFetchersSpecs() : TestKit(FetchWorld.Config)
{
    private readonly DataLayout _layout = new(fansOut: false);

    [Fact]
    public void Manifest_original_and_resized_agree_when_every_request_has_another_answer()
    {
        using var world = new FetchWorld(Enumerable.Range(0, 40).Select(i => $"http://a.example/{i}"));
        var both = Enumerable.Range(0, 40).ToDictionary(i => $"http://a.example/{i}", _ => new TaskCompletionSource());
        world.Web.Answer = async (url, tries) =>
        {
            if (tries == 2)
            {
                both[url].SetResult();
            }

            // No answer before both have asked.
            await both[url].Task;
            return FakeWeb.Kept($"{url} asked for the {tries}th time");
        };
        (IActorRef one, TestProbe first) = Start(world);
        (IActorRef other, TestProbe second) = Start(world);

        one.Tell(FetchWorld.Lease());
        other.Tell(FetchWorld.Lease());

        Assert.Equal(40, Resolved(first).Survivors);
        Assert.Equal(40, Resolved(second).Survivors);
        Assert.Equal(80, world.Web.Requests.Count);
        Assert.All(world.Rows(), row => AssertAgrees(world, row));
    }

    [Fact]
    public void Who_finishes_after_another_with_another_answer_changes_nothing()
    {
        using var world = new FetchWorld("http://a.example/0", "http://a.example/1");
        var late = new TaskCompletionSource<FetchOutcome>();
        var lateToo = new TaskCompletionSource<FetchOutcome>();
        world.Web.Answer = (url, tries) => (tries, url[^1]) switch
        {
            (1, '0') => late.Task,
            (1, _) => lateToo.Task,
            (_, '0') => Task.FromResult(FakeWeb.Kept("in time")),
            _ => Task.FromResult(new FetchOutcome(FetchOutcomeKind.NotFound, "404")),
        };
        (IActorRef slow, TestProbe first) = Start(world);
        slow.Tell(FetchWorld.Lease());
        AwaitCondition(() => world.Web.Requests.Count == 2);
        (IActorRef fast, TestProbe second) = Start(world);
        fast.Tell(FetchWorld.Lease());
        Resolved(second);
        byte[] manifest = world.Read(DataLayout.Slice(1, 0));

        late.SetResult(new FetchOutcome(FetchOutcomeKind.Forbidden, "403"));
        lateToo.SetResult(FakeWeb.Kept("too late"));

        FetchProtocol.SliceResolved resolved = Resolved(first);
        Assert.Equal(1, resolved.Survivors);
        Assert.Equal(1, resolved.Outcomes["not_found"]);
        Assert.Equal(manifest, world.Read(DataLayout.Slice(1, 0)));
        Assert.Equal(FakeCodec.PictureOf("in time"), world.Read(_layout.Original("000000")));
        AssertAgrees(world, world.Rows()[0]);
    }

    [Fact]
    public void A_slice_that_another_has_committed_is_told_of_without_a_request()
    {
        using var world = new FetchWorld("http://a.example/0");
        (IActorRef one, TestProbe first) = Start(world);
        one.Tell(FetchWorld.Lease());
        Resolved(first);
        (IActorRef other, TestProbe second) = Start(world);

        other.Tell(FetchWorld.Lease());

        Assert.Equal(1, Resolved(second).Survivors);
        Assert.Single(world.Web.Requests);
        Assert.Equal(1, world.Ended["000000"]);
    }

    private void AssertAgrees(FetchWorld world, LinkRow row)
    {
        Assert.True(row.IsKept);
        byte[] original = world.Read(_layout.Original(row.Name));
        byte[] resized = world.Read(_layout.ResizedPicture(row.Name));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(original)), row.Original!.Sha256);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(resized)), row.Resized!.Sha256);
        var resizer = new InProcessResizer(world.Codec, new Koalarization.Imaging.Pixels.PictureSize(8, 8), 1_000_000);
        Assert.Equal(resizer.Resize(original).Bytes.ToArray(), resized);
    }

    private (IActorRef Node, TestProbe Coordinator) Start(FetchWorld world)
    {
        TestProbe coordinator = CreateTestProbe();
        return (Sys.ActorOf(FetchWorld.NodeProps(world.Node(), coordinator)), coordinator);
    }

    private static FetchProtocol.SliceResolved Resolved(TestProbe coordinator) =>
        coordinator.FishForMessage<FetchProtocol.SliceResolved>(_ => true, TimeSpan.FromSeconds(20));
}
