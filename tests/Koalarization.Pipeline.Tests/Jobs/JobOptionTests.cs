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
    public void Every_option_of_a_job_is_compared_with_a_job_in_work()
    {
        string[] compared = [.. JobOption.All.SelectMany(option => option.Properties)];
        Assert.Equal(
            typeof(JobSpec).GetProperties().Select(property => property.Name).Except([nameof(JobSpec.Data), nameof(JobSpec.RetryFailed)]).Order(), compared.Order());
    }
}
