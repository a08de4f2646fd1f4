using Koalarization.Cluster.Control;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Control;

public sealed class JobSpecValidatorTests
{
    private static readonly JobSpec Valid = new() { Source = "/store/links.txt", Data = "birds" };

    public static TheoryData<string, JobSpec> Invalid => new()
    {
        { "is not a folder below the store", Valid with { Data = "" } },
        { "is not a folder below the store", Valid with { Data = "." } },
        { "is not a folder below the store", Valid with { Data = "../elsewhere" } },
        { "is not a folder below the store", Valid with { Data = "/elsewhere" } },
        { "is not a folder below the store", Valid with { Data = ".koala/jobs" } },
        { "is not a folder below the store", Valid with { Data = "a\nb" } },
        { "standard input", Valid with { Source = "-" } },
        { "name is empty", Valid with { Source = "" } },
        { "not a full path", Valid with { Source = "links.txt" } },
        { "count must not", Valid with { Count = -1 } },
        { "skip must not", Valid with { Skip = -1 } },
        { "go together", Valid with { Width = 100, Until = JobEnd.Resize } },
        { "from 1 to 65500", Valid with { Width = 0, Height = 100, Until = JobEnd.Resize } },
        { "100 megapixels", Valid with { Width = 65500, Height = 65500, Until = JobEnd.Resize } },
        { "records need pictures of 299x299", Valid with { Width = 100, Height = 100 } },
        { "1 picture at least", Valid with { PicturesPerRecord = 0 } },
        { "no compression 'zip'", Valid with { Compression = "zip" } },
        { "no compatibility 'mine'", Valid with { Compatibility = "mine" } },
        { "is not a name of weights", Valid with { Weights = "abc" } },
        { "no precision 'bf16'", Valid with { Precision = "bf16" } },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_job_is_refused_with_one_sentence(string part, JobSpec spec)
    {
        ControlException refused = Assert.Throws<ControlException>(() => JobSpecValidator.Validate(spec, "/store"));
        Assert.Equal(ControlError.Invalid, refused.Error);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_valid_job_passes_as_it_is()
    {
        JobSpec all = Valid with
        {
            Skip = 1,
            Count = 2,
            Width = 320,
            Height = 200,
            FansOut = true,
            ImageNamePrefix = "x/",
            Until = JobEnd.Resize,
            RetryFailed = true,
            PicturesPerRecord = 7,
            Compression = "gzip",
            Compatibility = "original",
            Weights = "random:0",
            Precision = "bf16/cpu",
        };
        Assert.Equal(all, JobSpecValidator.Validate(all, "/store"));
    }
}
