using System.Text;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Slices;

public sealed class SliceManifestTests : IDisposable
{
    private static readonly LinkRow[] Rows =
    [
        new("a.jpeg", LinkRow.Kept, null, 1, new OriginalFacts(10, "aa", 500, 375), new FileFacts(5, "bb")),
        new("b.jpeg", "not_jpeg", "HTML", 2, null, null),
        new("c.jpeg", "dns", "no such \"host\"", 1, null, null),
        new("d.jpeg", LinkRow.Kept, null, 0, new OriginalFacts(11, "cc", 1, 2), null),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly FileDataStore _store;
    private readonly string _name = DataLayout.Slice(1, 7);

    public SliceManifestTests() => _store = new FileDataStore(_folder.Path, ".koala/tmp/1/owner");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_manifest_reads_back_and_its_first_line_sums_it_up()
    {
        SliceManifest.Publish(_store, _name, 1, 7, Rows);

        SliceManifest manifest = SliceManifest.Read(_store, _name);
        Assert.Equal(Rows, manifest.Rows);
        SliceSummary summary = SliceManifest.ReadSummary(_store, _name);
        Assert.Equal((1, 7, 4, 2), (summary.Round, summary.Slice, summary.Links, summary.Survivors));
        Assert.Equal(new Dictionary<string, int> { ["dns"] = 1, ["kept"] = 2, ["not_jpeg"] = 1 }, summary.Outcomes);
        Assert.Equal(manifest.Summary.RowsSha256, summary.RowsSha256);
    }

    [Fact]
    public void The_first_manifest_of_a_slice_holds()
    {
        SliceManifest.Publish(_store, _name, 1, 7, Rows);

        Assert.Equal(2, SliceManifest.Publish(_store, _name, 1, 7, Rows[1..]).Survivors);
        Assert.Equal(Rows, SliceManifest.Read(_store, _name).Rows);
    }

    [Fact]
    public void A_changed_manifest_is_refused_by_name_wherever_it_was_changed()
    {
        SliceManifest.Publish(_store, _name, 1, 7, Rows);
        byte[] whole = File.ReadAllBytes(_store.PathOf(_name));
        int body = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int i = body; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x01;
            File.WriteAllBytes(_store.PathOf(_name), changed);
            Assert.Contains("000007.json", Assert.Throws<InvalidDataException>(() => SliceManifest.Read(_store, _name)).Message);
        }

        File.WriteAllBytes(_store.PathOf(_name), Encoding.UTF8.GetBytes("{}\n"));
        Assert.Throws<InvalidDataException>(() => SliceManifest.Read(_store, _name));
    }
}
