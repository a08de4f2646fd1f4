using Akka.TestKit;
using Akka.TestKit.Xunit2;
using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Cluster.Specs;

public sealed class JobsDoorSpecs : TestKit
{
    private readonly TestProbe _coordinator;
    private readonly JobsDoor _door;

    public JobsDoorSpecs()
        : base("akka.loglevel = ERROR")
    {
        _coordinator = CreateTestProbe();
        _door = new JobsDoor(_coordinator.Ref, "/store", sees: path => path == "/store/links.txt");
    }

    [Fact]
    public async Task A_job_is_submitted_with_its_folder_relative_to_the_store()
    {
        var submitted = _door.SubmitAsync(Spec("/store/sets/../birds/"));

        Assert.Equal("birds", (await _coordinator.ExpectMsgAsync<SubmitJob>()).Spec.Data);
        _coordinator.Reply(new JobAccepted(new JobId("birds-1"), IsNew: true));
        Assert.Equal(new JobAccepted(new JobId("birds-1"), IsNew: true), await submitted);
    }

    [Fact]
    public async Task A_list_that_the_control_node_does_not_see_is_refused_before_the_coordinator_is_asked()
    {
        DoorException refused = await Assert.ThrowsAsync<DoorException>(() => _door.SubmitAsync(Spec("birds") with { Source = "/home/me/links.txt" }));

        Assert.Equal(DoorTrouble.Unfit, refused.Trouble);
        Assert.StartsWith("the control node sees no /home/me/links.txt", refused.Message, StringComparison.Ordinal);
        await _coordinator.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_list_of_the_web_is_not_looked_for_on_disk()
    {
        _ = _door.SubmitAsync(Spec("birds") with { Source = "https://example.org/links.txt" });

        Assert.Equal("https://example.org/links.txt", (await _coordinator.ExpectMsgAsync<SubmitJob>()).Spec.Source);
    }

    [Fact]
    public async Task What_the_coordinator_refuses_is_refused_with_its_sentence()
    {
        var submitted = _door.SubmitAsync(Spec("birds"));
        await _coordinator.ExpectMsgAsync<SubmitJob>();
        _coordinator.Reply(new JobRefused("the data set was begun with another list."));

        DoorException refused = await Assert.ThrowsAsync<DoorException>(() => submitted);
        Assert.Equal((DoorTrouble.Refused, "the data set was begun with another list."), (refused.Trouble, refused.Message));
    }

    [Fact]
    public async Task A_coordinator_that_does_not_answer_is_said_to_be_away()
    {
        var impatient = new JobsDoor(_coordinator.Ref, "/store", patience: TimeSpan.FromMilliseconds(1));

        DoorException away = await Assert.ThrowsAsync<DoorException>(impatient.NodesAsync);
        Assert.Equal(DoorTrouble.Away, away.Trouble);
    }

    [Fact]
    public async Task A_job_is_cancelled_by_the_beginning_of_its_id()
    {
        var cancelled = _door.CancelAsync("bir");
        await _coordinator.ExpectMsgAsync<GetJobs>();
        _coordinator.Reply(new JobList([Job("birds-1", "sets/birds"), Job("cats-1", "cats")], Further: 0));

        Assert.Equal("birds-1", (await _coordinator.ExpectMsgAsync<CancelJob>()).Job.Value);
        _coordinator.Reply(new JobAccepted(new JobId("birds-1"), IsNew: false));
        Assert.Equal("birds-1", (await cancelled).Job.Value);
    }

    [Fact]
    public async Task An_unknown_job_is_said_to_be_unknown()
    {
        var job = _door.JobAsync("dogs");
        await _coordinator.ExpectMsgAsync<GetJobs>();
        _coordinator.Reply(new JobList([Job("birds-1", "birds")], Further: 0));

        Assert.Equal(DoorTrouble.Unknown, (await Assert.ThrowsAsync<DoorException>(() => job)).Trouble);
    }

    [Fact]
    public async Task A_job_that_a_long_list_leaves_out_is_asked_for_by_its_id()
    {
        var job = _door.JobAsync("dogs-1");
        await _coordinator.ExpectMsgAsync<GetJobs>();
        _coordinator.Reply(new JobList([Job("birds-1", "birds")], Further: 7));

        Assert.Equal("dogs-1", (await _coordinator.ExpectMsgAsync<GetJob>()).Job.Value);
        _coordinator.Reply(Job("dogs-1", "dogs"));
        Assert.Equal("dogs", (await job).Data);
    }

    private static JobSpec Spec(string data) => new() { Source = "/store/links.txt", Data = data };

    private static JobStatus Job(string id, string data) => new() { Job = new JobId(id), Data = data, Source = "/store/links.txt", Phase = JobPhase.Working };
}
