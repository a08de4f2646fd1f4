using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Projections;
using Koalarization.Dataset.Slices;

namespace Koalarization.Dataset.Tests.Projections;

public sealed class SetCountsTests
{
    [Fact]
    public void Links_are_counted_by_outcome_and_those_without_one_are_open()
    {
        var counts = new SetCounts();
        foreach (string? outcome in new[] { "kept", null, "dns", "kept", "dns", "kept" })
        {
            counts.Add(Row("x", outcome, original: outcome == "kept" ? "aa" : null));
        }

        Assert.Equal((6, 3), (counts.Links, counts.Kept));
        Assert.Equal([KeyValuePair.Create("dns", 2L), KeyValuePair.Create("kept", 3L), KeyValuePair.Create("open", 1L)], counts.Outcomes);
    }

    [Fact]
    public void Kept_pictures_are_counted_by_profile_and_by_orientation()
    {
        var counts = new SetCounts();
        foreach ((string? profile, int? orientation) in new (string?, int?)[] { ("sRGB", 6), (null, null), ("Adobe RGB (1998)", null), ("sRGB", 8), (null, 6) })
        {
            var original = new OriginalFacts(7, "aa", 1, 1) { Profile = profile, Orientation = orientation };
            counts.Add(new SetRow(new PlannedLink("x", null, null), 1, new LinkRow("x", LinkRow.Kept, null, 1, original, null), null, null, null));
        }

        Assert.Equal([KeyValuePair.Create("Adobe RGB (1998)", 1L), KeyValuePair.Create("sRGB", 2L)], counts.Profiles);
        Assert.Equal([KeyValuePair.Create("6", 2L), KeyValuePair.Create("8", 1L)], counts.Orientations);
    }

    [Fact]
    public void Names_of_profiles_are_no_more_than_a_hundred_and_the_rest()
    {
        var counts = new SetCounts();
        for (int i = 0; i < 150; i++)
        {
            var original = new OriginalFacts(7, "aa", 1, 1) { Profile = $"p{i:000}" };
            counts.Add(new SetRow(new PlannedLink("x", null, null), 1, new LinkRow("x", LinkRow.Kept, null, 1, original, null), null, null, null));
        }

        Assert.Equal((101, 50L), (counts.Profiles.Count, counts.Profiles["others"]));
    }

    [Fact]
    public void An_original_that_ten_links_gave_is_repeated_the_most_frequent_first()
    {
        var counts = new SetCounts();
        foreach ((string original, int times) in new[] { ("nine", 9), ("b", 10), ("most", 12), ("a", 10) })
        {
            for (int i = 0; i < times; i++)
            {
                counts.Add(Row($"{original}-{i}.jpeg", LinkRow.Kept, original));
            }
        }

        Assert.Equal(
            [new RepeatedOriginal("most", 7, 12, "most-0.jpeg"), new RepeatedOriginal("a", 7, 10, "a-0.jpeg"), new RepeatedOriginal("b", 7, 10, "b-0.jpeg")],
            counts.Repeated);
    }

    [Fact]
    public void Where_there_are_more_originals_than_counters_a_second_pass_makes_the_counts_exact()
    {
        // 10 links of one original at the beginning, 30 of another spread over the rest, and 100,000 originals that come once.
        SetRow[] rows =
        [
            .. Enumerable.Range(0, 100_000).SelectMany(i => (SetRow[])
            [
                .. i < 10 ? [Row($"early-{i}.jpeg", LinkRow.Kept, "early")] : Array.Empty<SetRow>(),
                Row($"{i}.jpeg", LinkRow.Kept, $"once-{i}"),
                .. i % 3000 == 0 && i < 90_000 ? [Row($"spread-{i}.jpeg", LinkRow.Kept, "spread")] : Array.Empty<SetRow>(),
            ]),
        ];
        var counts = new SetCounts();
        Array.ForEach(rows, counts.Add);

        counts.Settle(() => rows);

        Assert.Equal([("spread", 30), ("early", 10)], counts.Repeated.Select(repeated => (repeated.Sha256, repeated.Links)));
        Assert.Equal(100_040, counts.Kept);
    }

    [Fact]
    public void Exact_counts_take_no_second_pass()
    {
        var counts = new SetCounts();
        counts.Add(Row("a.jpeg", LinkRow.Kept, "aa"));
        counts.Settle(() => throw new InvalidOperationException("They were exact."));
    }

    // python3: statistics.fmean and statistics.pstdev, each as '%.6g'.
    [Theory]
    [InlineData(160.875, 10230.328125, 4, 40.2188, 30.66)]
    [InlineData(-4000.5827, 10002992.424450891, 2, -2000.29, 1000.17)]
    [InlineData(3, 3, 3, 1, 0)]
    [InlineData(0.3, 0.0299999999, 3, 0.1, 0)]
    public void Mean_and_deviation_have_six_significant_digits(double sum, double squares, long count, double mean, double deviation) =>
        Assert.Equal(new MeanAndDeviation(mean, deviation), MeanAndDeviation.Of(sum, squares, count));

    private static SetRow Row(string name, string? outcome, string? original) => new(
        new PlannedLink(name, "http://h/" + name, Words: null),
        Round: 1,
        outcome is null ? null : new LinkRow(name, outcome, Detail: null, 1, original is null ? null : new OriginalFacts(7, original, 1, 1), Resized: null),
        null, null, null);
}
