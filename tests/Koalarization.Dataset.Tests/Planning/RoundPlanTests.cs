using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Planning;

public sealed class RoundPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileDataStore _store;

    public RoundPlanTests() => _store = new FileDataStore(_folder.Path, ".koala/tmp/1/owner");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1500)]
    public void A_plan_reads_back_slice_by_slice(int count)
    {
        PlannedLink[] links = [.. Links(count)];
        RoundPlan.Write(_store, round: 1, links);

        RoundPlan plan = RoundPlan.Find(_store, round: 1)!;
        Assert.Equal((count, (count + 511) / 512), (plan.Links, plan.Slices));
        Assert.Equal(links, Enumerable.Range(0, plan.Slices).SelectMany(plan.ReadSlice));
        Assert.Equal(links, plan.ReadAll());
        Assert.All(Enumerable.Range(0, plan.Slices), slice => Assert.Equal(plan.LinksOf(slice), plan.ReadSlice(slice).Count));
    }

    [Fact]
    public void A_plan_that_is_not_whole_is_none()
    {
        RoundPlan.Write(_store, round: 1, Links(3));
        _store.Remove(DataLayout.PlanIndex(1));

        Assert.Null(RoundPlan.Find(_store, round: 1));
    }

    [Fact]
    public void Links_that_a_killed_run_left_without_an_index_are_the_plan()
    {
        RoundPlan.Write(_store, round: 1, Links(600));
        _store.Remove(DataLayout.PlanIndex(1));

        RoundPlan plan = RoundPlan.Write(_store, round: 1, Links(601));
        Assert.Equal(600, plan.Links);
        Assert.Equal(Links(600), Enumerable.Range(0, plan.Slices).SelectMany(plan.ReadSlice));
    }

    [Fact]
    public void A_plan_whose_links_were_cut_is_refused_by_name()
    {
        RoundPlan.Write(_store, round: 1, Links(3));
        string links = _store.PathOf(DataLayout.PlanLinks(1));
        File.WriteAllBytes(links, File.ReadAllBytes(links)[..^1]);

        Assert.Contains("links.jsonl", Assert.Throws<InvalidDataException>(() => RoundPlan.Find(_store, round: 1)).Message);
    }

    [Fact]
    public void A_further_round_has_the_links_that_were_not_kept()
    {
        PlannedLink[] links = [.. Links(600)];
        RoundPlan plan = RoundPlan.Write(_store, round: 1, links);
        for (int slice = 0; slice < plan.Slices; slice++)
        {
            LinkRow[] rows = [.. plan.ReadSlice(slice).Select((link, i) => new LinkRow(link.Name, i % 3 == 0 ? "dns" : LinkRow.Kept, null, 1, null, null))];
            SliceManifest.Publish(_store, DataLayout.Slice(1, slice), 1, slice, rows);
        }

        Assert.Equal(links.Where((_, i) => (i % 512) % 3 == 0), plan.ReadFailed());
    }

    private static IEnumerable<PlannedLink> Links(int count) =>
        Enumerable.Range(0, count).Select(i => new PlannedLink($"{i:d6}.jpeg", $"http://host/ä\"{i}", i % 2 == 0 ? null : "n0 with\ttab"));
}
