using Koalarization.Cluster.Control;
using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Specs.Control;

public sealed class JobLookupTests
{
    private static readonly JobStatus[] Jobs = [Job("birds-1", "sets/birds"), Job("birds-12", "birds"), Job("cats-1", "cats"), Job("cats-2", "sets/cats")];

    [Theory]
    [InlineData("birds-1", "birds-1")]
    [InlineData("birds", "birds-12")]
    [InlineData("sets/birds", "birds-1")]
    [InlineData("/store/sets/birds/", "birds-1")]
    [InlineData("birds-12", "birds-12")]
    [InlineData("cats", "cats-1")]
    [InlineData("dogs", null)]
    [InlineData("", null)]
    [InlineData("..", null)]
    public void A_job_is_named_by_its_id_its_folder_or_a_unique_prefix_of_its_id(string name, string? expected) =>
        Assert.Equal(expected, JobLookup.Find(Jobs, name, "/store")?.Job.Value);

    [Fact]
    public void A_prefix_that_several_jobs_have_names_them()
    {
        ControlException several = Assert.Throws<ControlException>(() => JobLookup.Find(Jobs, "cat", "/store"));
        Assert.Equal("'cat' may be cats-1 or cats-2; give a unique prefix of the job's id.", several.Message);
    }

    private static JobStatus Job(string id, string data) => new() { Job = new JobId(id), Data = data, Source = "/store/links.txt", Phase = JobPhase.Working };
}
