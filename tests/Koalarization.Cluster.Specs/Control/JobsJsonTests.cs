using System.Text;
using System.Text.Json;
using Koalarization.Cluster.Control;
using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Specs.Control;

public sealed class JobsJsonTests
{
    [Fact]
    public async Task A_job_is_read_by_its_stable_names()
    {
        JobSpec spec = await ReadAsync(
            """
            {"source":"/store/links.txt","data":"birds","skip":1,"count":2,"width":320,"height":200,"fans_out":true,"image_name_prefix":"x/","until":"resize",
             "retry_failed":true,"pictures_per_record":7,"compression":"gzip","compatibility":"original","weights":"random:0","precision":"bf16/cpu",
             "fetch":{"allow_private":true,"connect_timeout":1.5,"first_byte_timeout":2,"timeout":3,"min_rate":4,"stall_window":5,"max_bytes":6,"max_redirects":7,
              "tries":8,"first_pause":9,"longest_pause":10,"max_megapixels":11,"user_agent":"birds/1.0"}}
            """);
        Assert.Equal(JobSpecs.Full, spec);
        Assert.Equal(spec, await ReadAsync(JsonSerializer.Serialize(spec, JobsJson.Options)));
    }

    [Fact]
    public async Task A_member_that_is_null_was_not_given()
    {
        Assert.Equal(JobSpecs.Least, await ReadAsync("""{"source":"/store/links.txt","data":"birds","until":null,"retry_failed":null,"count":null}"""));
        ControlException missing = await Assert.ThrowsAsync<ControlException>(() => ReadAsync("""{"source":null,"data":"birds"}"""));
        Assert.Contains("needs source", missing.Message, StringComparison.Ordinal);
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
    [InlineData("""{"source":"x","data":"y","fetch":{"alow_private":true}}""", "fetch has no 'alow_private'")]
    [InlineData("""{"source":"x","data":"y","fetch":{"tries":"two"}}""", "'fetch.tries' has a value of another kind")]
    [InlineData("""{"source":"x","data":"y","fetch":3}""", "'fetch' has a value of another kind")]
    [InlineData("""{"source":"x","data":"y","until":1}""", "'until' has a value of another kind")]
    public async Task A_job_that_cannot_be_read_is_refused_with_one_sentence(string json, string part)
    {
        ControlException refused = await Assert.ThrowsAsync<ControlException>(() => ReadAsync(json));
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_jobs_status_is_written_by_its_stable_names()
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
            Failed = 1,
            Until = JobEnd.Records,
            Outcomes = new Dictionary<string, long> { ["not_found"] = 1 },
            SlicesInWork = 2,
            RecordsWritten = 3,
            RecordsReady = 4,
            RecordsInWork = 1,
            Pictures = 5,
        };
        Assert.Equal(
            """
            {"jobs":[{"job":"birds-1","data":"birds","source":"/store/links.txt","until":"records","phase":"working","note":"waits","round":1,"links":10,"resolved":9,"survivors":8,"failed":1,
            "outcomes":{"not_found":1},"slices_in_work":2,"records_written":3,"records_ready":4,"records_in_work":1,"pictures":5}],"further":2}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(new JobList([status], Further: 2), JobsJson.Options));
    }

    [Fact]
    public void A_node_is_written_by_its_stable_names() =>
        Assert.Equal(
            """
            {"nodes":[{"address":"127.0.0.1:8559","roles":["fetch"],"state":"Up","owner":"host-1","slices":1,"records":2,"note":"why"}],"further":0}
            """.Trim(),
            JsonSerializer.Serialize(new NodeList([new NodeStatus("127.0.0.1:8559", ["fetch"], "Up", "host-1", 1, 2, "why")], Further: 0), JobsJson.Options));

    private static async Task<JobSpec> ReadAsync(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return await JobsJson.ReadSpecAsync(stream, CancellationToken.None);
    }
}
