using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Control;
using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Specs.Control;

public sealed class ControlServiceSpecs : TestKit
{
    private readonly TestProbe _coordinator;
    private readonly ControlService _control;

    public ControlServiceSpecs()
        : base("akka.loglevel = ERROR")
    {
        _coordinator = CreateTestProbe();
        _control = new ControlService(_coordinator.Ref, "/store", exists: path => path == "/store/links.txt");
    }

    [Fact]
    public async Task A_job_is_submitted_with_its_folder_relative_to_the_store()
    {
        var submitted = _control.SubmitAsync(Spec("/store/sets/../birds/"));

        Assert.Equal("birds", (await _coordinator.ExpectMsgAsync<SubmitJob>()).Spec.Data);
        _coordinator.Reply(new JobAccepted(new JobId("birds-1"), IsNew: true));
        Assert.Equal(new JobAccepted(new JobId("birds-1"), IsNew: true), await submitted);
    }

    [Fact]
    public async Task A_list_that_the_control_node_does_not_see_is_refused_before_the_coordinator_is_asked()
    {
        ControlException refused = await Assert.ThrowsAsync<ControlException>(() => _control.SubmitAsync(Spec("birds") with { Source = "/home/me/links.txt" }));

        Assert.Equal(ControlError.Invalid, refused.Error);
        Assert.StartsWith("the control node cannot find /home/me/links.txt", refused.Message, StringComparison.Ordinal);
        await _coordinator.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_list_of_the_web_is_not_looked_for_on_disk()
    {
        _ = _control.SubmitAsync(Spec("birds") with { Source = "https://example.org/links.txt" });

        Assert.Equal("https://example.org/links.txt", (await _coordinator.ExpectMsgAsync<SubmitJob>()).Spec.Source);
    }

    [Fact]
    public async Task What_the_coordinator_refuses_is_refused_with_its_sentence()
    {
        var submitted = _control.SubmitAsync(Spec("birds"));
        await _coordinator.ExpectMsgAsync<SubmitJob>();
        _coordinator.Reply(new JobRefused("the data set was begun with another list."));

        ControlException refused = await Assert.ThrowsAsync<ControlException>(() => submitted);
        Assert.Equal((ControlError.Conflict, "the data set was begun with another list."), (refused.Error, refused.Message));
    }

    [Fact]
    public async Task A_coordinator_that_does_not_answer_is_unavailable()
    {
        var impatient = new ControlService(_coordinator.Ref, "/store", timeout: TimeSpan.FromMilliseconds(1));

        ControlException unavailable = await Assert.ThrowsAsync<ControlException>(impatient.NodesAsync);
        Assert.Equal(ControlError.Unavailable, unavailable.Error);
    }

    [Fact]
    public async Task A_job_is_cancelled_by_a_unique_prefix_of_its_id()
    {
        var cancelled = _control.CancelAsync("bir");
        await RefuseAsync();
        await _coordinator.ExpectMsgAsync<GetJobs>();
        _coordinator.Reply(new JobList([Job("birds-1", "sets/birds"), Job("cats-1", "cats")], Further: 0));

        Assert.Equal("birds-1", (await _coordinator.ExpectMsgAsync<CancelJob>()).Job.Value);
        _coordinator.Reply(new JobAccepted(new JobId("birds-1"), IsNew: false));
        Assert.Equal("birds-1", (await cancelled).Job.Value);
    }

    [Fact]
    public async Task An_unknown_job_is_not_found()
    {
        var job = _control.JobAsync("dogs");
        await RefuseAsync();
        await _coordinator.ExpectMsgAsync<GetJobs>();
        _coordinator.Reply(new JobList([Job("birds-1", "birds")], Further: 0));

        Assert.Equal(ControlError.NotFound, (await Assert.ThrowsAsync<ControlException>(() => job)).Error);
    }

    [Fact]
    public async Task A_job_is_asked_for_by_its_id_and_the_list_of_all_jobs_is_not()
    {
        var job = _control.JobAsync("dogs-1");

        Assert.Equal("dogs-1", (await _coordinator.ExpectMsgAsync<GetJob>()).Job.Value);
        _coordinator.Reply(Job("dogs-1", "dogs"));
        Assert.Equal("dogs", (await job).Data);
        await _coordinator.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_job_is_found_by_its_folder()
    {
        var job = _control.JobAsync("/store/sets/birds");
        await _coordinator.ExpectMsgAsync<GetJobs>();
        _coordinator.Reply(new JobList([Job("birds-1", "sets/birds")], Further: 7));

        Assert.Equal("birds-1", (await job).Job.Value);
    }

    /// <summary>The coordinator has no job of the id that it is asked for.</summary>
    private async Task RefuseAsync()
    {
        JobId job = (await _coordinator.ExpectMsgAsync<GetJob>()).Job;
        _coordinator.Reply(new JobRefused($"there is no job {job}."));
    }

    private static JobSpec Spec(string data) => new() { Source = "/store/links.txt", Data = data };

    private static JobStatus Job(string id, string data) => new() { Job = new JobId(id), Data = data, Source = "/store/links.txt", Phase = JobPhase.Working };
}
