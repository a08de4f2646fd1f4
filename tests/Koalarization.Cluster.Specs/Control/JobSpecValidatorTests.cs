using Koalarization.Cluster.Control;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Control;

public sealed class JobSpecValidatorTests
{
    public static TheoryData<string, JobSpec> Invalid => new()
    {
        { "is not a folder below the store", JobSpecs.Least with { Data = "" } },
        { "is not a folder below the store", JobSpecs.Least with { Data = "." } },
        { "is not a folder below the store", JobSpecs.Least with { Data = "../elsewhere" } },
        { "is not a folder below the store", JobSpecs.Least with { Data = "/elsewhere" } },
        { "is not a folder below the store", JobSpecs.Least with { Data = ".koala/jobs" } },
        { "is not a folder below the store", JobSpecs.Least with { Data = "a\nb" } },
        { "200 bytes at most", JobSpecs.Least with { Data = new string('x', 300) } },
        { "200 bytes at most", JobSpecs.Least with { Data = "sets/" + new string('語', 70) } },
        { "800 bytes at most", JobSpecs.Least with { Data = string.Join('/', Enumerable.Repeat(new string('x', 100), 10)) } },
        { "koala's own", JobSpecs.Least with { Data = "sets/.koala/tmp" } },
        { "control character", JobSpecs.Least with { Source = "/store/a\nb" } },
        { "4000 characters at most", JobSpecs.Least with { Source = "/" + new string('x', 5000) } },
        { "standard input", JobSpecs.Least with { Source = "-" } },
        { "name is empty", JobSpecs.Least with { Source = "" } },
        { "not a full path", JobSpecs.Least with { Source = "links.txt" } },
        { "count must not", JobSpecs.Least with { Count = -1 } },
        { "skip must not", JobSpecs.Least with { Skip = -1 } },
        { "go together", JobSpecs.Least with { Width = 100, Until = JobEnd.Resize } },
        { "from 1 to 65500", JobSpecs.Least with { Width = 0, Height = 100, Until = JobEnd.Resize } },
        { "100 megapixels", JobSpecs.Least with { Width = 65500, Height = 65500, Until = JobEnd.Resize } },
        { "records need pictures of 299x299", JobSpecs.Least with { Width = 100, Height = 100 } },
        { "1 picture at least", JobSpecs.Least with { PicturesPerRecord = 0 } },
        { "no compression 'zip'", JobSpecs.Least with { Compression = "zip" } },
        { "no compatibility 'mine'", JobSpecs.Least with { Compatibility = "mine" } },
        { "is not a name of weights", JobSpecs.Least with { Weights = "abc" } },
        { "no precision 'bf16'", JobSpecs.Least with { Precision = "bf16" } },
        { "connect_timeout must", JobSpecs.Least with { Fetch = new FetchRules { ConnectTimeout = 0 } } },
        { "first_byte_timeout must", JobSpecs.Least with { Fetch = new FetchRules { FirstByteTimeout = 86401 } } },
        { "timeout must", JobSpecs.Least with { Fetch = new FetchRules { Timeout = double.NaN } } },
        { "stall_window must", JobSpecs.Least with { Fetch = new FetchRules { StallWindow = -1 } } },
        { "first_pause must", JobSpecs.Least with { Fetch = new FetchRules { FirstPause = 0 } } },
        { "longest_pause must", JobSpecs.Least with { Fetch = new FetchRules { LongestPause = 0 } } },
        { "min_rate must", JobSpecs.Least with { Fetch = new FetchRules { MinRate = -1 } } },
        { "max_bytes is 1", JobSpecs.Least with { Fetch = new FetchRules { MaxBytes = 0 } } },
        { "max_redirects must", JobSpecs.Least with { Fetch = new FetchRules { MaxRedirects = -1 } } },
        { "tries is 1", JobSpecs.Least with { Fetch = new FetchRules { Tries = 0 } } },
        { "max_megapixels must", JobSpecs.Least with { Fetch = new FetchRules { MaxMegapixels = 0 } } },
        { "printable ASCII", JobSpecs.Least with { Fetch = new FetchRules { UserAgent = "vögel" } } },
        { "printable ASCII", JobSpecs.Least with { Fetch = new FetchRules { UserAgent = "a\r\nX: y" } } },
        { "printable ASCII", JobSpecs.Least with { Fetch = new FetchRules { UserAgent = " " } } },
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
    public void A_valid_job_passes_as_it_is() => Assert.Equal(JobSpecs.Full, JobSpecValidator.Validate(JobSpecs.Full, "/store"));
}
