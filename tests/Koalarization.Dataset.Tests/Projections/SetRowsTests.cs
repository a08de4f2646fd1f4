using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Projections;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Projections;

public sealed class SetRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileDataStore _store;

    public SetRowsTests() => _store = new FileDataStore(_folder.Path, ".koala/tmp/1/owner");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_link_has_its_latest_outcome_and_a_later_round_that_has_not_come_to_it_says_nothing()
    {
        Plan(1, "a", "b", "c", "d");
        Resolve(1, 0, ("a", "kept"), ("b", "dns"), ("c", "dns"), ("d", "timeout"));
        Plan(2, "b", "c", "d");
        Assert.Equal(["a 1 kept", "b 1 dns", "c 1 dns", "d 1 timeout"], Read());

        Resolve(2, 0, ("b", "kept"), ("c", "not_found"), ("d", "dns"));
        Assert.Equal(["a 1 kept", "b 2 kept", "c 2 not_found", "d 2 dns"], Read());
    }

    [Fact]
    public void A_link_of_no_resolved_slice_is_open_and_has_what_fetching_committed()
    {
        Plan(1, "a", "b");
        Assert.Equal(["a 1 open", "b 1 open"], Read());
        SliceManifest.Publish(_store, DataLayout.Fetched(1, 0), 1, 0, [Row("a", "kept"), Row("b", "dns")]);
        Assert.Equal(["a 1 kept", "b 1 dns"], Read());
        Resolve(1, 0, ("a", "damaged"), ("b", "dns"));
        Assert.Equal(["a 1 damaged", "b 1 dns"], Read());
    }

    [Fact]
    public void A_kept_picture_has_its_record_and_index_but_not_where_the_record_left_it_out_or_is_not_written()
    {
        Fix(picturesPerRecord: 3);
        Plan(1, "a", "b", "c", "d", "e", "f", "g", "h");
        Resolve(1, 0, ("a", "kept"), ("b", "kept"), ("c", "dns"), ("d", "kept"), ("e", "kept"), ("f", "kept"), ("g", "kept"), ("h", "kept"));
        Write(0, leftOut: ["b"], 0.5, 0.25);
        Write(1, leftOut: [], 1, 2, 3);

        Assert.Equal(
            [("a", 0, 0, 0.5), ("b", null, null, null), ("c", null, null, null), ("d", 0, 1, 0.25), ("e", 1, 0, 1), ("f", 1, 1, 2), ("g", 1, 2, 3), ("h", null, null, null)],
            Positions());
    }

    [Fact]
    public void Records_of_a_later_round_come_behind_those_of_the_earlier_one()
    {
        Fix(picturesPerRecord: 2);
        Plan(1, "a", "b", "c", "d");
        Resolve(1, 0, ("a", "kept"), ("b", "kept"), ("c", "dns"), ("d", "kept"));
        RoundFiles.Close(_store, new RoundClosed(1, Survivors: 3, FirstRecord: 0, Records: 2));
        Plan(2, "c");
        Resolve(2, 0, ("c", "kept"));
        Write(0, leftOut: [], 1, 2);
        Write(1, leftOut: [], 3);
        Write(2, leftOut: [], 4);

        Assert.Equal([("a", 0, 0, 1.0), ("b", 0, 1, 2.0), ("c", 2, 0, 4.0), ("d", 1, 0, 3.0)], Positions());
    }

    [Fact]
    public void Behind_an_open_slice_it_is_unknown_which_record_a_picture_belongs_to()
    {
        Fix(picturesPerRecord: 600);
        string[] names = [.. Enumerable.Range(0, 1100).Select(i => $"{i:d4}")];
        Plan(1, names);
        Resolve(1, 0, [.. names[..512].Select(name => (name, "kept"))]);
        Resolve(1, 2, [.. names[1024..].Select(name => (name, "kept"))]);
        Write(0, leftOut: [], [.. Enumerable.Repeat(1.5, 600)]);

        (string Name, int? Record, int? Index, double? Chroma)[] positions = [.. Positions()];
        Assert.Equal(names, positions.Select(row => row.Name));
        Assert.Equal(Enumerable.Range(0, 512).Select(i => (int?)i), positions[..512].Select(row => row.Index));
        Assert.All(positions[512..], row => Assert.Null(row.Record));
    }

    [Fact]
    public void Progress_counts_a_fetched_slice_until_it_is_resolved()
    {
        Plan(1, [.. Enumerable.Range(0, 513).Select(i => $"{i:d4}")]);
        Assert.Equal(new SetProgress(0, 0, 0), SetProgress.Of(_store));
        SliceManifest.Publish(_store, DataLayout.Fetched(1, 0), 1, 0, [Row("a", "kept")]);
        SliceManifest.Publish(_store, DataLayout.Fetched(1, 1), 1, 1, [Row("a", "kept")]);
        Assert.Equal(new SetProgress(0, 2, 0), SetProgress.Of(_store));
        Resolve(1, 1, ("a", "kept"));
        Plan(2, "a");
        Resolve(2, 0, ("a", "dns"));
        Write(0, leftOut: [], 1);
        Assert.Equal(new SetProgress(2, 1, 1), SetProgress.Of(_store));
    }

    private static LinkRow Row(string name, string outcome) => outcome == LinkRow.Kept
        ? new(name, outcome, Detail: null, 1, new OriginalFacts(1, "aa", 1, 1), new FileFacts(1, "bb"))
        : new(name, outcome, Detail: null, 1, Original: null, Resized: null);

    private void Plan(int round, params string[] names)
    {
        RoundPlan plan = RoundPlan.Write(_store, round, names.Select(name => new PlannedLink(name, "http://h/" + name, Words: null)));
        RoundFiles.Open(_store, new RoundOpened(round, plan.Links, plan.Slices));
    }

    private void Resolve(int round, int slice, params (string Name, string Outcome)[] rows) =>
        SliceManifest.Publish(_store, DataLayout.Slice(round, slice), round, slice, [.. rows.Select(row => Row(row.Name, row.Outcome))]);

    private void Write(int record, string[] leftOut, params double[] chroma) => StateFile.Fix(_store, RecordLayout.Manifest(record), new RecordManifest(
        record, chroma.Length, Bytes: 1, "aa", [.. leftOut.Select(name => new LeftOutPicture(name, "damaged", Detail: null))], "key", Origin: null,
        ColourStatistics.None, chroma));

    private void Fix(int picturesPerRecord) => new NetworkParameters
    {
        Checkpoint = "simulated",
        Weights = "simulated",
        Precision = "fp32",
        Compatibility = "none",
        Compression = "none",
        PicturesPerRecord = picturesPerRecord,
    }.Fix(_store);

    private IEnumerable<string> Read() => SetRows.Read(_store).Select(row => $"{row.Link.Name} {row.Round} {row.Row?.Outcome ?? "open"}");

    private IEnumerable<(string Name, int? Record, int? Index, double? Chroma)> Positions() =>
        SetRows.Read(_store).Select(row => (row.Link.Name, row.Record, row.Index, row.Chroma));
}
