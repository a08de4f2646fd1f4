using Koalarization.Records;

namespace Koalarization.Dataset.Tests;

public sealed class RecordFolderTests : IDisposable
{
    private static readonly string[] FivePictures = ["a.jpeg", "b.jpeg", "c.jpeg", "d.jpeg", "e.jpeg"];

    private static readonly RecordParameters Parameters = new()
    {
        Weights = "random:0",
        Precision = "fp32",
        Compatibility = "none",
        Compression = "none",
        PicturesPerRecord = 2,
        ImageNamePrefix = "data/resized/",
        CodecFingerprint = "f",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly WorkFolder _work;

    public RecordFolderTests() => _work = WorkFolder.Open(_folder.Path);

    public void Dispose()
    {
        _work.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_plan_is_fixed_once_and_keeps_its_list()
    {
        RecordFolder.Plan(_work, Parameters, FivePictures);
        BatchPlan again = RecordFolder.Plan(_work, Parameters, [.. FivePictures, "f.jpeg"]);
        Assert.Equal(FivePictures, again.Pictures);
        Assert.Equal(3, again.Records);
        Assert.Equal(["c.jpeg", "d.jpeg"], again.PicturesOf(1));
        Assert.Equal(["e.jpeg"], again.PicturesOf(2));
    }

    [Fact]
    public void Other_parameters_are_refused_with_the_difference()
    {
        RecordFolder.Plan(_work, Parameters, FivePictures);
        var conflict = Assert.Throws<RecordConflictException>(() => RecordFolder.Plan(_work, Parameters with { PicturesPerRecord = 3 }, FivePictures));
        Assert.Contains("-b is 3, and 2 before", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_may_be_larger_than_the_list()
    {
        BatchPlan plan = RecordFolder.Plan(_work, Parameters with { PicturesPerRecord = int.MaxValue }, FivePictures);
        Assert.Equal(1, plan.Records);
        Assert.Equal(FivePictures, plan.PicturesOf(0));
    }

    [Fact]
    public void The_manifest_of_a_record_that_never_got_its_name_makes_way()
    {
        BatchPlan plan = RecordFolder.Plan(_work, Parameters, FivePictures);
        Write(0);
        File.Delete(_folder["lab_images_0.tfrecord"]);
        using var file = new RecordFile(_work, 0, RecordCompression.None);
        file.Append("another example"u8);
        RecordManifest written = file.Commit([new LeftOutPicture("b.jpeg", "damaged", Detail: null)]);
        RecordManifest found = RecordFolder.Finished(_work, plan)[0]!;
        Assert.Equal((written.Sha256, 1), (found.Sha256, found.LeftOut.Count));
    }

    [Fact]
    public void A_file_that_took_the_records_name_meanwhile_is_refused_and_not_adopted()
    {
        BatchPlan plan = RecordFolder.Plan(_work, Parameters, FivePictures);
        using (var file = new RecordFile(_work, 0, RecordCompression.None))
        {
            file.Append("example"u8);
            File.WriteAllText(_folder["lab_images_0.tfrecord"], "mine");
            Assert.Throws<RecordConflictException>(() => file.Commit([]));
        }

        Assert.Equal("mine", File.ReadAllText(_folder["lab_images_0.tfrecord"]));
        Assert.Throws<RecordConflictException>(() => RecordFolder.Finished(_work, plan));
    }

    [Fact]
    public void Only_committed_records_are_finished()
    {
        BatchPlan plan = RecordFolder.Plan(_work, Parameters, FivePictures);
        Assert.Equal([null, null, null], RecordFolder.Finished(_work, plan));

        RecordManifest written = Write(1);
        Assert.Equal([null, written.Sha256, null], RecordFolder.Finished(_work, plan).Select(manifest => manifest?.Sha256));
        Assert.Equal(new FileInfo(_folder["lab_images_1.tfrecord"]).Length, written.Bytes);
    }

    [Fact]
    public void A_record_put_aside_for_validation_stays_finished()
    {
        BatchPlan plan = RecordFolder.Plan(_work, Parameters, FivePictures);
        Write(0);
        File.Move(_folder["lab_images_0.tfrecord"], _folder["val_lab_images_0.tfrecord"], overwrite: false);
        Assert.NotNull(RecordFolder.Finished(_work, plan)[0]);
    }

    [Theory]
    [InlineData("lab_images_0.tfrecord")]
    [InlineData("val_lab_images_2.tfrecord")]
    [InlineData("lab_images_9.tfrecord")]
    public void A_record_that_this_job_did_not_write_is_refused_by_name(string name)
    {
        BatchPlan plan = RecordFolder.Plan(_work, Parameters, FivePictures);
        File.WriteAllText(_folder[name], "");
        var conflict = Assert.Throws<RecordConflictException>(() => RecordFolder.Finished(_work, plan));
        Assert.Contains(name, conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stray_record_is_refused_before_a_plan_is_fixed()
    {
        File.WriteAllText(_folder["lab_images_0.tfrecord"], "");
        Assert.Throws<RecordConflictException>(() => RecordFolder.Plan(_work, Parameters, FivePictures));
        Assert.Null(BatchPlan.Find(_work));
    }

    [Fact]
    public void A_record_that_changed_its_size_is_refused_by_name()
    {
        BatchPlan plan = RecordFolder.Plan(_work, Parameters, FivePictures);
        Write(0);
        File.AppendAllText(_folder["lab_images_0.tfrecord"], "x");
        Assert.Contains("lab_images_0", Assert.Throws<RecordConflictException>(() => RecordFolder.Finished(_work, plan)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clearing_removes_plan_and_records_and_nothing_else()
    {
        RecordFolder.Plan(_work, Parameters, FivePictures);
        Write(0);
        File.WriteAllText(_folder["notes.txt"], "mine");
        RecordFolder.Clear(_work);
        Assert.Null(BatchPlan.Find(_work));
        Assert.Equal([_folder[".koala"], _folder["notes.txt"]], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_sequence_commits_each_record_when_the_next_begins_and_names_what_is_left_out()
    {
        using var sequence = new RecordSequence(_work, RecordCompression.None);
        Assert.Null(sequence.Append(0, "a"u8));
        Assert.Null(sequence.LeaveOut(0, new LeftOutPicture("b.jpeg", "damaged", Detail: null)));
        RecordManifest first = sequence.Append(1, "c"u8)!;
        Assert.Equal((0, 1, "b.jpeg"), (first.Record, first.Pictures, Assert.Single(first.LeftOut).Name));
        Assert.False(File.Exists(_folder["lab_images_1.tfrecord"]));
        RecordManifest last = sequence.Complete()!;
        Assert.Equal((1, 1, 0), (last.Record, last.Pictures, last.LeftOut.Count));
        using TFRecordReader reader = TFRecordReader.Open(_folder["lab_images_1.tfrecord"]);
        Assert.True(reader.TryRead(out ReadOnlyMemory<byte> record));
        Assert.Equal("c"u8.ToArray(), record.ToArray());
    }

    [Fact]
    public void An_abandoned_record_leaves_nothing()
    {
        using (var sequence = new RecordSequence(_work, RecordCompression.None))
        {
            sequence.Append(0, "a"u8);
        }

        Assert.Equal([_folder[".koala"]], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Empty(Directory.GetFiles(_folder[".koala/tmp"]));
    }

    private RecordManifest Write(int record)
    {
        using var file = new RecordFile(_work, record, RecordCompression.None);
        file.Append("example"u8);
        return file.Commit([]);
    }
}
