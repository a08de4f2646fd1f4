using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Pipeline.Tests.Jobs;

public sealed class JobOptionTests
{
    private static readonly JobSpec Valid = new() { Source = "/store/links.txt", Data = "birds" };

    [Fact]
    public void An_option_that_is_not_given_or_given_again_is_no_difference_to_a_job_in_work()
    {
        JobSpec inWork = Valid with { Count = 5, Compression = "gzip" };
        Assert.Null(JobOption.Difference(inWork, Valid));
        Assert.Null(JobOption.Difference(inWork, inWork with { RetryFailed = true }));
        Assert.Equal("count is 6, and was 5", JobOption.Difference(inWork, inWork with { Count = 6 }));
        Assert.Equal("batch size is 40, and was not given", JobOption.Difference(inWork, Valid with { PicturesPerRecord = 40 }));
        Assert.Equal("source is /store/others.txt, and was /store/links.txt", JobOption.Difference(inWork, Valid with { Source = "/store/others.txt" }));
    }

    [Fact]
    public void What_a_data_set_was_begun_with_holds_for_every_later_job()
    {
        var begun = new JobParameters
        {
            Source = "/store/links.txt",
            IsFolder = false,
            Skip = 2,
            Count = null,
            Links = 9,
            LinksSha256 = "",
            Width = 299,
            Height = 300,
            CodecFingerprint = "",
            FansOut = false,
            ImageNamePrefix = "birds/",
        };
        JobSpec same = Valid with { Skip = 2, Width = 299, Height = 300, FansOut = false, ImageNamePrefix = "birds/" };
        Assert.Null(JobOption.Difference(begun, Valid with { Source = "/elsewhere/links.txt", PicturesPerRecord = 7 }));
        Assert.Null(JobOption.Difference(begun, same));
        Assert.Equal("--skip 2, not 3", JobOption.Difference(begun, same with { Skip = 3, Count = 4 }));
        Assert.Equal("--count of all links, not 4", JobOption.Difference(begun, same with { Count = 4 }));
        Assert.Equal("--size 299,300, not 299,299", JobOption.Difference(begun, same with { Height = 299 }));
        Assert.Equal("--fanout False, not True", JobOption.Difference(begun, same with { FansOut = true }));
        Assert.Equal("--image-name-prefix birds/, not ", JobOption.Difference(begun, same with { ImageNamePrefix = "" }));
    }

    [Fact]
    public void Options_are_reported_by_their_names_on_the_command_line() =>
        Assert.Equal(
            "source --skip --count --format --url-column --size --fanout --image-name-prefix --until --batch-size --compression --compat --weights --precision " +
            "--allow-private --connect-timeout --first-byte-timeout --timeout --min-rate stall window --max-bytes --max-redirects --tries first pause longest pause " +
            "--max-megapixels --user-agent",
            string.Join(' ', JobOption.All.Select(option => option.Flag)));

    [Fact]
    public void Rules_of_fetching_are_compared_each_by_itself()
    {
        JobSpec inWork = Valid with { Fetch = new FetchRules { AllowPrivate = true } };
        Assert.Null(JobOption.Difference(inWork, Valid));
        Assert.Equal("tries is 2, and was not given", JobOption.Difference(inWork, Valid with { Fetch = new FetchRules { Tries = 2 } }));

        FetchRules begun = new FetchRules { AllowPrivate = true }.Completed();
        Assert.Null(JobOption.Difference(begun, inWork));
        Assert.Null(JobOption.Difference(begun, Valid));
        Assert.Equal("timeout is 60, and was 30", JobOption.Difference(begun, Valid with { Fetch = new FetchRules { Timeout = 60 } }));
    }

    [Fact]
    public void Every_rule_of_fetching_is_compared()
    {
        JobSpec all = Valid with { Fetch = new FetchRules().Completed() };
        Assert.Equal(typeof(FetchRules).GetProperties().Length, JobOption.All.Count(option => option.Asked(all) is not null && option.Asked(Valid) is null));
    }

    [Fact]
    public void Every_option_of_a_job_is_compared_with_a_job_in_work()
    {
        string[] compared = [.. JobOption.All.SelectMany(option => option.Properties)];
        Assert.Equal(
            typeof(JobSpec).GetProperties().Select(property => property.Name).Except([nameof(JobSpec.Data), nameof(JobSpec.RetryFailed)]).Order(), compared.Order());
    }
}
