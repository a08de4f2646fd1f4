using System.Text;
using System.Text.Json;
using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Cluster.Specs;

public sealed class JobOrderTests
{
    private static readonly JobSpec Sound = new() { Source = "/store/links.txt", Data = "birds" };

    public static TheoryData<string, JobSpec> Unsound => new()
    {
        { "is no folder below the store", Sound with { Data = "" } },
        { "is no folder below the store", Sound with { Data = "." } },
        { "is no folder below the store", Sound with { Data = "../elsewhere" } },
        { "is no folder below the store", Sound with { Data = "/elsewhere" } },
        { "is no folder below the store", Sound with { Data = ".koala/jobs" } },
        { "is no folder below the store", Sound with { Data = "a\nb" } },
        { "standard input", Sound with { Source = "-" } },
        { "name is empty", Sound with { Source = "" } },
        { "no full path", Sound with { Source = "links.txt" } },
        { "count must not", Sound with { Count = -1 } },
        { "skip must not", Sound with { Skip = -1 } },
        { "go together", Sound with { Width = 100, Until = JobEnd.Resize } },
        { "from 1 to 65500", Sound with { Width = 0, Height = 100, Until = JobEnd.Resize } },
        { "100 megapixels", Sound with { Width = 65500, Height = 65500, Until = JobEnd.Resize } },
        { "records need pictures of 299x299", Sound with { Width = 100, Height = 100 } },
        { "1 picture at least", Sound with { PicturesPerRecord = 0 } },
        { "no compression 'zip'", Sound with { Compression = "zip" } },
        { "no compatibility 'mine'", Sound with { Compatibility = "mine" } },
        { "names no weights", Sound with { Weights = "abc" } },
        { "no precision 'bf16'", Sound with { Precision = "bf16" } },
    };

    [Theory]
    [MemberData(nameof(Unsound))]
    public void What_makes_no_sense_is_refused_with_one_sentence(string part, JobSpec spec)
    {
        DoorException refused = Assert.Throws<DoorException>(() => JobSpecRules.Fit(spec, "/store"));
        Assert.Equal(DoorTrouble.Unfit, refused.Trouble);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_sense_passes_as_it_is()
    {
        JobSpec all = Sound with
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
        Assert.Equal(all, JobSpecRules.Fit(all, "/store"));
    }

    [Fact]
    public void What_is_not_said_or_said_again_is_no_difference_to_a_job_in_work()
    {
        JobSpec inWork = Sound with { Count = 5, Compression = "gzip" };
        Assert.Null(JobSpecRules.DifferenceFrom(inWork, Sound));
        Assert.Null(JobSpecRules.DifferenceFrom(inWork, inWork with { RetryFailed = true }));
        Assert.Equal("count is 6, and was 5", JobSpecRules.DifferenceFrom(inWork, inWork with { Count = 6 }));
        Assert.Equal("batch size is 40, and was not said", JobSpecRules.DifferenceFrom(inWork, Sound with { PicturesPerRecord = 40 }));
        Assert.Equal("source is /store/others.txt, and was /store/links.txt", JobSpecRules.DifferenceFrom(inWork, Sound with { Source = "/store/others.txt" }));
    }

    [Fact]
    public async Task An_order_is_read_by_its_stable_names()
    {
        JobSpec spec = await ReadAsync(
            """
            {"source":"/store/links.txt","data":"birds","skip":1,"count":2,"width":320,"height":200,"fans_out":true,"image_name_prefix":"x/","until":"resize",
             "retry_failed":true,"pictures_per_record":7,"compression":"gzip","compatibility":"original","weights":"random:0","precision":"fp32"}
            """);
        Assert.Equal(
            Sound with
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
                Precision = "fp32",
            },
            spec);
        Assert.Equal(spec, await ReadAsync(JsonSerializer.Serialize(spec, JobsJson.Options)));
    }

    [Theory]
    [InlineData("", "a job is a JSON object")]
    [InlineData("null", "a job is a JSON object")]
    [InlineData("[]", "a job is a JSON object")]
    [InlineData("{", "a job is a JSON object")]
    [InlineData("""{"source":"x"}""", "needs data")]
    [InlineData("""{"data":"x"}""", "needs source")]
    [InlineData("""{"source":"x","data":"y","cuont":3}""", "has no 'cuont'")]
    [InlineData("""{"source":"x","data":"y","count":"3"}""", "'count' has a value of another kind")]
    [InlineData("""{"source":"x","data":"y","until":"sometime"}""", "'until' has a value of another kind")]
    [InlineData("""{"source":"x","data":"y","until":1}""", "'until' has a value of another kind")]
    public async Task An_order_that_cannot_be_read_is_refused_with_one_sentence(string json, string part)
    {
        DoorException refused = await Assert.ThrowsAsync<DoorException>(() => ReadAsync(json));
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_is_told_by_its_stable_names()
    {
        var status = new JobStatus
        {
            Job = new JobId("birds-1"),
            Data = "birds",
            Source = "/store/links.txt",
            Phase = JobPhase.Working,
            Note = "waits",
            Round = 1,
            Links = 10,
            Resolved = 9,
            Survivors = 8,
            Outcomes = new Dictionary<string, long> { ["not_found"] = 1 },
            SlicesInWork = 2,
            RecordsWritten = 3,
            RecordsReady = 4,
            RecordsInWork = 1,
            Pictures = 5,
        };
        Assert.Equal(
            """
            {"jobs":[{"job":"birds-1","data":"birds","source":"/store/links.txt","phase":"working","note":"waits","round":1,"links":10,"resolved":9,"survivors":8,
            "outcomes":{"not_found":1},"slices_in_work":2,"records_written":3,"records_ready":4,"records_in_work":1,"pictures":5}],"further":2}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(new JobList([status], Further: 2), JobsJson.Options));
    }

    [Fact]
    public void A_node_is_told_by_its_stable_names() =>
        Assert.Equal(
            """
            {"nodes":[{"address":"127.0.0.1:8559","roles":["fetch"],"state":"Up","owner":"host-1","slices":1,"records":2,"note":"why"}],"further":0}
            """.Trim(),
            JsonSerializer.Serialize(new NodeList([new NodeStatus("127.0.0.1:8559", ["fetch"], "Up", "host-1", 1, 2, "why")], Further: 0), JobsJson.Options));

    private static async Task<JobSpec> ReadAsync(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return await JobOrder.ReadAsync(stream, CancellationToken.None);
    }
}
