using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Dataset.Tests.Records;

public sealed class BatchPlanTests : IDisposable
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

    public BatchPlanTests() => _work = WorkFolder.Open(_folder.Path);

    public void Dispose()
    {
        _work.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_plan_is_fixed_once_and_keeps_its_list()
    {
        BatchPlan.Fix(_work.Store, Parameters, FivePictures);
        BatchPlan again = BatchPlan.Fix(_work.Store, Parameters, [.. FivePictures, "f.jpeg"]);
        Assert.Equal(FivePictures, again.Pictures);
        Assert.Equal(3, again.Records);
        Assert.Equal(["c.jpeg", "d.jpeg"], again.PicturesOf(1));
        Assert.Equal(["e.jpeg"], again.PicturesOf(2));
    }

    [Fact]
    public void Other_parameters_are_refused_with_the_difference()
    {
        BatchPlan.Fix(_work.Store, Parameters, FivePictures);
        var conflict = Assert.Throws<RecordConflictException>(
            () => BatchPlan.Fix(_work.Store, Parameters with { PicturesPerRecord = 3 }, FivePictures));
        Assert.Contains("-b is 3, and 2 before", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_keeps_the_rule_of_damaged_pictures_that_it_was_begun_with()
    {
        BatchPlan.Fix(_work.Store, Parameters, FivePictures);
        Assert.DoesNotContain("picture_rule", File.ReadAllText(_folder[".koala/lab-batch.json"]), StringComparison.Ordinal);
        BatchPlan again = BatchPlan.Fix(_work.Store, Parameters with { PictureRule = PictureRule.EveryBlock }, FivePictures);
        Assert.Equal(PictureRule.WithoutWarnings, again.Parameters.Rule);
    }

    [Fact]
    public void A_new_folder_has_the_number_of_its_rule()
    {
        BatchPlan.Fix(_work.Store, Parameters with { PictureRule = PictureRule.EveryBlock }, FivePictures);
        Assert.Contains("\"picture_rule\": 2", File.ReadAllText(_folder[".koala/lab-batch.json"]), StringComparison.Ordinal);
        Assert.Equal(PictureRule.EveryBlock, BatchPlan.Find(_work.Store)!.Parameters.Rule);
    }

    [Fact]
    public void A_record_may_be_larger_than_the_list()
    {
        BatchPlan plan = BatchPlan.Fix(_work.Store, Parameters with { PicturesPerRecord = int.MaxValue }, FivePictures);
        Assert.Equal(1, plan.Records);
        Assert.Equal(FivePictures, plan.PicturesOf(0));
    }

    [Fact]
    public void Pictures_that_came_later_get_records_of_their_own_and_the_short_one_before_them_stays_short()
    {
        BatchPlan plan = BatchPlan.Fix(_work.Store, Parameters, FivePictures);
        string[] later = ["a.jpeg", "aa.jpeg", "b.jpeg", "f.jpeg", "g.jpeg"];
        plan.Append(_work.Store, later).Append(_work.Store, ["h.jpeg", .. later]);
        BatchPlan found = BatchPlan.Find(_work.Store)!;
        Assert.Equal(6, found.Records);
        Assert.Equal(["e.jpeg", "aa.jpeg f.jpeg", "g.jpeg", "h.jpeg"], Enumerable.Range(2, 4).Select(record => string.Join(' ', found.PicturesOf(record))));
        Assert.Equal([.. FivePictures, "aa.jpeg", "f.jpeg", "g.jpeg", "h.jpeg"], found.Pictures);
        Assert.Throws<ArgumentOutOfRangeException>(() => found.PicturesOf(6));
    }

    [Fact]
    public void Nothing_new_makes_no_part()
    {
        BatchPlan plan = BatchPlan.Fix(_work.Store, Parameters, FivePictures);
        Assert.Same(plan, plan.Append(_work.Store, ["c.jpeg"]));
    }

    [Theory]
    [InlineData("lab_images_9.tfrecord")]
    [InlineData("val_lab_images_0.tfrecord")]
    [InlineData(".koala/job.json")]
    public void No_plan_is_fixed_over_what_another_made(string name)
    {
        File.WriteAllText(_folder[name], "");
        Assert.Throws<RecordConflictException>(() => BatchPlan.Fix(_work.Store, Parameters, FivePictures));
        Assert.Null(BatchPlan.Find(_work.Store));
    }

    [Fact]
    public void A_forgotten_plan_leaves_no_part()
    {
        BatchPlan.Fix(_work.Store, Parameters, FivePictures).Append(_work.Store, ["f.jpeg"]);
        BatchPlan.Forget(_work.Store);
        Assert.Null(BatchPlan.Find(_work.Store));
        BatchPlan.Fix(_work.Store, Parameters, ["a.jpeg"]);
        Assert.Equal(["a.jpeg"], BatchPlan.Find(_work.Store)!.Pictures);
    }
}
