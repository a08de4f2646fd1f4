using System.Security.Cryptography;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Records.Compression;
using Koalarization.Records.Framing;

namespace Koalarization.Dataset.Tests.Records;

public sealed class RecordSetTests : IDisposable
{
    private static readonly PictureColours Colours = new(new ColourStatistics(1, new LabSums(50, 1, -1), new LabSums(2500, 1, 1)), Chroma: 1.414);

    private readonly TemporaryFolder _folder = new();
    private readonly WorkFolder _work;
    private readonly RecordSet _records;

    public RecordSetTests()
    {
        _work = WorkFolder.Open(_folder.Path);
        _records = new RecordSet(_work.Store, RecordLayout.OfFolder);
    }

    public void Dispose()
    {
        _work.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Only_committed_records_are_finished()
    {
        Assert.Empty(_records.Complete());
        RecordManifest written = Write(1);
        Assert.Equal(written.Sha256, Assert.Single(_records.Complete()).Value.Sha256);
        Assert.Equal(written.Sha256, _records.Complete(1)!.Sha256);
        Assert.Equal(new FileInfo(_folder["lab_images_1.tfrecord"]).Length, written.Bytes);
        Assert.Equal(written.Sha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder["lab_images_1.tfrecord"]))));
    }

    [Fact]
    public void A_manifest_says_all_that_the_views_need()
    {
        using (RecordAssembler file = _records.NewRecord(3, RecordCompression.None))
        {
            file.Append("one"u8, Colours);
            file.Append("two"u8, Colours with { Chroma = 20.25 });
            file.LeaveOut(new LeftOutPicture("b.jpeg", "damaged", Detail: null));
            file.Commit("key", new RecordOrigin(2, 10, 12, 7, 3));
        }

        RecordManifest manifest = _records.Complete()[3];
        Assert.Equal((3, 2, "key"), (manifest.Record, manifest.Pictures, manifest.Key));
        Assert.Equal("b.jpeg", Assert.Single(manifest.LeftOut).Name);
        Assert.Equal(new RecordOrigin(2, 10, 12, 7, 3), manifest.Origin);
        Assert.Equal([1.414, 20.25], manifest.Chroma);
        Assert.Equal(new ColourStatistics(2, new LabSums(100, 2, -2), new LabSums(5000, 2, 2)), manifest.Statistics);
    }

    [Fact]
    public void Beside_a_finished_record_stands_its_manifest_alone()
    {
        Write(0);
        Assert.Equal([_folder[".koala/records/0.json"]], Directory.GetFiles(_folder[".koala/records"]));
    }

    [Fact]
    public void A_record_put_aside_for_validation_stays_finished()
    {
        Write(0);
        File.Move(_folder["lab_images_0.tfrecord"], _folder["val_lab_images_0.tfrecord"], overwrite: false);
        Assert.Equal([0], _records.Complete().Keys);
    }

    [Fact]
    public void A_record_under_both_names_is_refused_with_both()
    {
        Write(0);
        File.Copy(_folder["lab_images_0.tfrecord"], _folder["val_lab_images_0.tfrecord"]);
        string message = Assert.Throws<RecordConflictException>(_records.Complete).Message;
        Assert.Contains("lab_images_0.tfrecord and val_lab_images_0.tfrecord", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lab_images_0.tfrecord")]
    [InlineData("val_lab_images_2.tfrecord")]
    public void A_record_without_a_manifest_is_refused_by_name(string name)
    {
        File.WriteAllText(_folder[name], "");
        Assert.Contains(name, Assert.Throws<RecordConflictException>(_records.Complete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_changed_its_size_is_refused_by_name()
    {
        Write(0);
        File.AppendAllText(_folder["lab_images_0.tfrecord"], "x");
        Assert.Contains("lab_images_0", Assert.Throws<RecordConflictException>(_records.Complete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_gone_is_missed_by_name()
    {
        Write(7);
        File.Delete(_folder["lab_images_7.tfrecord"]);
        string message = Assert.Throws<RecordConflictException>(_records.Complete).Message;
        Assert.Contains("lab_images_7.tfrecord was finished and is gone", message, StringComparison.Ordinal);
        Assert.Contains(".koala/records/7.json", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_took_the_records_name_meanwhile_is_refused_and_not_adopted()
    {
        using (RecordAssembler file = _records.NewRecord(0, RecordCompression.None))
        {
            file.Append("example"u8, Colours);
            File.WriteAllText(_folder["lab_images_0.tfrecord"], "mine");
            Assert.Throws<RecordConflictException>(() => file.Commit("key"));
        }

        Assert.Equal("mine", File.ReadAllText(_folder["lab_images_0.tfrecord"]));
        Assert.Throws<RecordConflictException>(_records.Complete);
    }

    [Fact]
    public void A_foreign_file_of_the_same_size_that_came_before_the_link_is_not_adopted()
    {
        RecordManifest written = Write(0);
        File.Move(_folder["lab_images_0.tfrecord"], _folder[RecordLayout.Data(0, written.Sha256)]);
        File.WriteAllBytes(_folder["lab_images_0.tfrecord"], new byte[written.Bytes]);
        Assert.Contains("lab_images_0.tfrecord", Assert.Throws<RecordConflictException>(_records.Complete).Message, StringComparison.Ordinal);
        File.Delete(_folder["lab_images_0.tfrecord"]);
        Assert.Equal([0], _records.Complete().Keys);
        Assert.Equal([_folder[".koala/records/0.json"]], Directory.GetFiles(_folder[".koala/records"]));
    }

    [Fact]
    public void The_first_of_two_writers_wins_and_the_other_is_told_what_stands()
    {
        using RecordAssembler first = _records.NewRecord(0, RecordCompression.None), second = _records.NewRecord(0, RecordCompression.None);
        first.Append("first"u8, Colours);
        second.Append("second"u8, Colours);
        RecordManifest won = first.Commit("key");
        Assert.Equal(won.Sha256, second.Commit("key").Sha256);
        Assert.Equal("first"u8.ToArray(), OnlyExample("lab_images_0.tfrecord"));
        Assert.Equal([_folder[".koala/records/0.json"]], Directory.GetFiles(_folder[".koala/records"]));
    }

    [Fact]
    public void Clearing_removes_records_and_manifests_and_nothing_else()
    {
        Write(0);
        Write(1);
        File.Move(_folder["lab_images_1.tfrecord"], _folder["val_lab_images_1.tfrecord"], overwrite: false);
        File.WriteAllText(_folder["notes.txt"], "mine");
        _records.Clear();
        Assert.Empty(_records.Complete());
        Assert.Equal([_folder[".koala"], _folder["notes.txt"]], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_record_names_what_is_left_out_of_it()
    {
        using RecordAssembler file = _records.NewRecord(0, RecordCompression.None);
        file.Append("a"u8, Colours);
        file.LeaveOut(new LeftOutPicture("b.jpeg", "damaged", Detail: null));
        RecordManifest manifest = file.Commit("key");
        Assert.Equal((0, 1, "b.jpeg"), (manifest.Record, manifest.Pictures, Assert.Single(manifest.LeftOut).Name));
        Assert.Equal("a"u8.ToArray(), OnlyExample("lab_images_0.tfrecord"));
    }

    [Fact]
    public void An_abandoned_record_leaves_nothing()
    {
        using (RecordAssembler file = _records.NewRecord(0, RecordCompression.None))
        {
            file.Append("a"u8, Colours);
        }

        Assert.Equal([_folder[".koala"]], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Empty(Directory.GetFiles(_work.Store.TemporaryFolder));
    }

    private byte[] OnlyExample(string name)
    {
        using TFRecordReader reader = TFRecordReader.Open(_folder[name]);
        Assert.True(reader.TryRead(out ReadOnlyMemory<byte> example));
        return example.ToArray();
    }

    private RecordManifest Write(int number)
    {
        using RecordAssembler file = _records.NewRecord(number, RecordCompression.None);
        file.Append("example"u8, Colours);
        return file.Commit("key");
    }
}
