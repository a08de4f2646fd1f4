using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Splitting;
using Koalarization.Dataset.Storage;
using Koalarization.Records.Compression;

namespace Koalarization.Dataset.Tests.Splitting;

public sealed class RecordSplitTests : IDisposable
{
    private static readonly PictureColours Colours = new(new ColourStatistics(1, new LabSums(50, 1, -1), new LabSums(2500, 1, 1)), Chroma: 1.414);

    private readonly TemporaryFolder _folder = new();
    private readonly WorkFolder _work;

    public RecordSplitTests() => _work = WorkFolder.Open(_folder.Path);

    private string[] Names => [.. Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _work.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Named_records_go_to_validation_and_all_others_come_back()
    {
        Put("lab_images_0.tfrecord", "lab_images_1.tfrecord", "val_lab_images_2.tfrecord", "notes.txt");
        IReadOnlyDictionary<int, bool> split = Split(new NamedRecords([1]));
        Assert.Equal(["lab_images_0.tfrecord", "lab_images_2.tfrecord", "notes.txt", "val_lab_images_1.tfrecord"], Names);
        Assert.Equal("val_lab_images_2.tfrecord", File.ReadAllText(_folder["lab_images_2.tfrecord"]));
        Assert.Equal([1], split.Where(record => record.Value).Select(record => record.Key));
        Split(SplitChoice.None);
        Assert.DoesNotContain(Names, name => name.StartsWith("val_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_names_of_one_content_become_the_one_that_is_asked_for(bool validation)
    {
        Put("lab_images_0.tfrecord", "lab_images_1.tfrecord");
        File.Copy(_folder["lab_images_0.tfrecord"], _folder["val_lab_images_0.tfrecord"]);
        List<RecordMove> moves = [];
        Split(new NamedRecords(validation ? [0] : []), moves);
        Assert.Equal(validation ? ["lab_images_1.tfrecord", "val_lab_images_0.tfrecord"] : ["lab_images_0.tfrecord", "lab_images_1.tfrecord"], Names);
        Assert.Equal(new RecordMove(0, validation, Healed: true), Assert.Single(moves));
    }

    [Fact]
    public void Two_contents_that_claim_one_record_stop_it_before_anything_is_changed()
    {
        Put("lab_images_0.tfrecord", "lab_images_7.tfrecord", "val_lab_images_7.tfrecord");
        string[] before = Names;
        RecordConflictException conflict = Assert.Throws<RecordConflictException>(() => Split(new NamedRecords([0])));
        Assert.Contains("lab_images_7.tfrecord and val_lab_images_7.tfrecord", conflict.Message, StringComparison.Ordinal);
        Assert.Equal(before, Names);
    }

    [Theory]
    [InlineData("lab_images_01.tfrecord")]
    [InlineData("val_lab_images_x.tfrecord")]
    public void A_file_that_only_looks_like_a_record_is_refused(string name)
    {
        Put("lab_images_0.tfrecord", name);
        Assert.Contains(name, Assert.Throws<RecordConflictException>(() => Split(SplitChoice.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Among_records_with_manifests_one_without_is_foreign()
    {
        using (RecordAssembler file = new RecordSet(_work.Store, RecordLayout.OfFolder).NewRecord(0, RecordCompression.None))
        {
            file.Append("one"u8, Colours);
            file.Commit("key");
        }

        Split(new NamedRecords([0]));
        Put("lab_images_1.tfrecord");
        Assert.Contains("lab_images_1.tfrecord", Assert.Throws<RecordConflictException>(() => Split(SplitChoice.None)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["val_lab_images_0.tfrecord"]));
    }

    [Fact]
    public void A_number_that_no_record_has_is_refused()
    {
        Put("lab_images_0.tfrecord", "lab_images_1.tfrecord");
        Assert.Contains("no record 2", Assert.Throws<RecordConflictException>(() => Split(new NamedRecords([0, 2]))).Message, StringComparison.Ordinal);
        Assert.Equal(["lab_images_0.tfrecord", "lab_images_1.tfrecord"], Names);
    }

    private void Put(params string[] names) => Array.ForEach(names, name => File.WriteAllText(_folder[name], name));

    private IReadOnlyDictionary<int, bool> Split(SplitChoice choice, List<RecordMove>? moves = null) =>
        new RecordSplit(_work.Store, RecordLayout.OfFolder).Apply(choice, move => moves?.Add(move));
}
