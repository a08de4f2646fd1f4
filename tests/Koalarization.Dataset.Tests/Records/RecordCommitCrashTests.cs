using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Tests.Simulation;
using Koalarization.Records.Compression;

namespace Koalarization.Dataset.Tests.Records;

/// <summary>Every point at which the commit of a record, or its recovery, can end.</summary>
public sealed class RecordCommitCrashTests
{
    private const string Final = "tfrecords/lab_images_0.tfrecord";
    private const string Manifest = ".koala/records/0.json";

    private static readonly PictureColours Colours = new(ColourStatistics.None, Chroma: 1);

    [Fact]
    public void However_often_it_dies_the_record_is_the_one_of_an_undisturbed_run()
    {
        var enumeration = new CrashEnumeration(WriteIfMissing, Wrong);
        enumeration.Run(Undisturbed());
        Assert.InRange(enumeration.States, 12, 1000);
    }

    [Fact]
    public void Lost_replies_change_nothing()
    {
        var enumeration = new CrashEnumeration((machine, owner) => WriteIfMissing(new SimulatedStore(machine, owner) { LosesReplies = true }, "bytes"), Wrong);
        enumeration.Run(Undisturbed());
    }

    [Fact]
    public void A_record_made_again_with_other_bytes_agrees_with_its_manifest()
    {
        var enumeration = new CrashEnumeration((machine, owner) => WriteIfMissing(new SimulatedStore(machine, owner), owner[^1] % 2 == 0 ? "bytes" : "others"), Wrong);
        enumeration.Run(expected: null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Without_any_one_of_its_flushes_the_enumeration_finds_what_goes_wrong(int forgotten)
    {
        var enumeration = new CrashEnumeration((machine, owner) => WriteIfMissing(new ForgetfulStore(machine, owner, forgotten), "bytes"), Wrong);
        Assert.ThrowsAny<Exception>(() => enumeration.Run(Undisturbed()));
    }

    private static void WriteIfMissing(SimulatedMachine machine, string owner) => WriteIfMissing(new SimulatedStore(machine, owner), "bytes");

    private static void WriteIfMissing(SimulatedStore store, string example)
    {
        store.RemoveOthers();
        var records = new RecordSet(store, RecordLayout.OfDataSet);
        if (records.Complete().ContainsKey(0))
        {
            return;
        }

        using RecordAssembler file = records.NewRecord(0, RecordCompression.None);
        file.Append(System.Text.Encoding.ASCII.GetBytes(example), Colours);
        file.Commit("key");
    }

    private static string Undisturbed()
    {
        var machine = new SimulatedMachine(new SimulatedDisk());
        WriteIfMissing(machine, "owner");
        Assert.Equal([Manifest, Final], machine.Disk.Names.Keys);
        return machine.Disk.Seen;
    }

    private static string? Wrong(SimulatedDisk disk)
    {
        IReadOnlyDictionary<string, SimulatedContent> names = disk.Names;
        var store = new SimulatedStore(new SimulatedMachine(disk), "observer");
        if (!names.ContainsKey(Manifest))
        {
            return names.ContainsKey(Final) ? "a record without a manifest" : null;
        }

        RecordManifest manifest = RecordManifest.Find(store, 0)!;
        string where = names.ContainsKey(Final) ? Final : RecordLayout.Data(0, manifest.Sha256);
        if (!names.ContainsKey(where))
        {
            return "a manifest whose record cannot be completed";
        }

        using Stream content = store.Open(where);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)) == manifest.Sha256 ? null : "a record unlike its manifest";
    }
}
