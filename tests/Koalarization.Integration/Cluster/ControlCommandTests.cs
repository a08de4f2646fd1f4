using System.Text.Json;

namespace Koalarization.Integration.Cluster;

/// <summary>The commands that speak to a control node, against answers of the test's own.</summary>
public sealed class ControlCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private CannedControl _control = null!;

    public async Task InitializeAsync() => _control = await CannedControl.StartAsync();

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_job_is_submitted_with_what_was_said_and_nothing_else()
    {
        _control.On("POST /api/v1/jobs", 201, """{"job":"birds-1","is_new":true}""");
        KoalaRun run = await RunAsync("submit", "links.txt", "birds", "--count", "5", "-b", "40", "--compression", "gzip", "--size", "299", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(("birds-1", true), (run.Event("job_submitted").GetProperty("job").GetString(), run.Event("job_submitted").GetProperty("is_new").GetBoolean()));
        string sent = Assert.Single(_control.Requests);
        Assert.Equal(
            $$"""
            POST /api/v1/jobs {"source":"{{_folder["links.txt"]}}","data":"birds","count":5,"width":299,"height":299,"until":"records","retry_failed":false,"pictures_per_record":40,"compression":"gzip"}
            """.Trim(),
            sent);
    }

    [Fact]
    public async Task A_job_that_is_waited_for_is_told_as_it_changes_with_rates_and_its_end_is_the_exit_code()
    {
        _control.On("POST /api/v1/jobs", 200, """{"job":"birds-1","is_new":false}""")
            .On("GET /api/v1/jobs/birds-1", 200, Job("opening", links: 0, resolved: 0, survivors: 0, pictures: 0))
            .On("GET /api/v1/jobs/birds-1", 503, """{"error":"the coordinator is away."}""")
            .On("GET /api/v1/jobs/birds-1", 200, Job("working", links: 100, resolved: 50, survivors: 40, pictures: 20))
            .On("GET /api/v1/jobs/birds-1", 200, Job("done", links: 100, resolved: 100, survivors: 80, pictures: 80));
        KoalaRun run = await RunAsync("submit", "links.txt", "birds", "--wait", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(
            ["job_submitted", "job_state", "note", "job_state", "job_state"],
            run.Events.Select(told => told.GetProperty("event").GetString()).Where(name => name != "job_progress"));
        JsonElement progress = run.Events.Last(told => told.GetProperty("event").GetString() == "job_progress");
        Assert.Equal(("birds-1", 50, 100, 40), (
            progress.GetProperty("job").GetString(), progress.GetProperty("links").GetProperty("done").GetInt32(),
            progress.GetProperty("links").GetProperty("total").GetInt32(), progress.GetProperty("kept").GetInt32()));
        JsonElement[] states = [.. run.Events.Where(told => told.GetProperty("event").GetString() == "job_state")];
        Assert.False(states[0].TryGetProperty("links_per_second", out _));
        Assert.True(states[2].GetProperty("links_per_second").GetDouble() > 0);
        Assert.True(states[2].GetProperty("pictures_per_second").GetDouble() > 0);
        Assert.Equal(("done", 80), (states[2].GetProperty("phase").GetString(), states[2].GetProperty("survivors").GetInt32()));
    }

    [Theory]
    [InlineData("failed", 0, 3)]
    [InlineData("done", 100, 0)]
    [InlineData("done", 99, 0)]
    [InlineData("done", 0, 1)]
    [InlineData("cancelled", 0, 1)]
    public async Task A_watched_job_ends_with_the_exit_code_of_its_end(string phase, int survivors, int exitCode)
    {
        _control.On("GET /api/v1/jobs/birds", 200, Job(phase, links: 100, resolved: 100, survivors, pictures: 0))
            .On("GET /api/v1/jobs/birds-1", 200, Job(phase, links: 100, resolved: 100, survivors, pictures: 0));
        Assert.Equal(exitCode, (await RunAsync("status", "birds", "--watch")).ExitCode);
    }

    [Theory]
    [InlineData("5%", 0)]
    [InlineData("4", 1)]
    public async Task A_watched_job_with_more_failures_than_allowed_ends_with_1(string max, int exitCode)
    {
        _control.On("GET /api/v1/jobs/birds", 200, Job("done", links: 100, resolved: 100, survivors: 95, pictures: 0))
            .On("GET /api/v1/jobs/birds-1", 200, Job("done", links: 100, resolved: 100, survivors: 95, pictures: 0));
        Assert.Equal(exitCode, (await RunAsync("status", "birds", "--watch", "--max-failures", max)).ExitCode);
    }

    [Fact]
    public async Task Status_for_a_person_says_what_links_came_to_and_the_note()
    {
        _control.On("GET /api/v1/jobs", 200, $$"""{"jobs":[{{Job("done", 1, 1, 1, 1)}},{{Job("working", links: 1000, resolved: 50, survivors: 40, pictures: 20)}}],"further":0}""");
        KoalaRun run = await RunAsync("status");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(
            """
            birds-1: working, round 1, 50 of 1,000 links, 40 pictures, records 1 of 2 ready; waits for embedders
              /store/links.txt -> birds
                     40 kept
                     10 not_found

            """,
            run.Output);
    }

    [Theory]
    [InlineData("\"embedders\"", "; bound by embedders: its 1 embed node computes; more of them make it faster")]
    [InlineData("\"nothing\"", "; its 1 embed node computes; more of them make it faster")]
    public async Task Status_says_what_bounds_a_job_that_moves_and_when_it_will_be_done(string bound, string end)
    {
        string job = $$"""
            {"job":"birds-1","data":"birds","source":"/l.txt","phase":"working","round":1,"links":1000,"resolved":50,"survivors":40,"failed":10,"outcomes":{},"slices_in_work":1,
             "records_written":0,"records_ready":1,"records_in_work":1,"pictures":20,"links_per_second":12.4,"pictures_per_second":3,"bound_by":{{bound}},
             "bound_reason":"its 1 embed node computes; more of them make it faster","seconds_left":1500}
            """;
        _control.On("GET /api/v1/jobs/birds", 200, job).On("GET /api/v1/jobs/birds-1", 200, job).On("GET /api/v1/jobs/birds-1", 200, Job("done", 1000, 1000, 800, 800));
        KoalaRun run = await RunAsync("status", "birds");
        Assert.Equal($"birds-1: working, round 1, 50 of 1,000 links (12/s), 40 pictures, records 0 of 1 ready (3/s), about 25 min left{end}", run.Output.Split('\n')[0]);

        JsonElement state = (await RunAsync("status", "birds", "--json")).Event("job_state");
        Assert.Equal((bound.Trim('"'), 1500), (state.GetProperty("bound_by").GetString(), state.GetProperty("seconds_left").GetDouble()));

        KoalaRun watched = await RunAsync("status", "birds", "--watch", "--json");
        JsonElement progress = watched.Events.First(told => told.GetProperty("event").GetString() == "job_progress");
        Assert.Equal((bound.Trim('"'), 1500), (progress.GetProperty("bound_by").GetString(), progress.GetProperty("seconds_left").GetDouble()));
    }

    [Fact]
    public async Task Jobs_are_listed_one_a_line_and_nodes_as_a_table_with_what_is_wrong_below()
    {
        _control.On("GET /api/v1/jobs", 200, $$"""{"jobs":[{{Job("done", 1, 1, 1, 1)}},{{Job("working", 2, 2, 2, 2)}}],"further":3}""")
            .On("GET /api/v1/nodes", 200, """
                {"nodes":[{"address":"127.0.0.1:8559","roles":["control","fetch"],"state":"Up","owner":"host-1","slices":2,"records":1,
                           "version":"0.2.0","links_per_second":12.34,"written_per_second":0,"last_error":"/nfs/sets is on a mount whose server has replaced it; mount it again.","last_error_age_seconds":65},
                          {"address":"127.0.0.1:8560","roles":["embed"],"state":"Up","slices":0,"records":0,"device":"cuda:0","note":"its JPEG library is another."}],"further":0}
                """);
        KoalaRun jobs = await RunAsync("jobs");
        KoalaRun nodes = await RunAsync("nodes");

        Assert.Equal((0, 2), (jobs.ExitCode, jobs.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.StartsWith("3 older jobs not listed", jobs.Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), (nodes.ExitCode, nodes.Errors));
        Assert.Equal(
            """
            NODE            ROLES          STATE  VERSION  DEVICE  RATE          WORK
            127.0.0.1:8559  control,fetch  Up     0.2.0    -       12.3 links/s  2 slices, 1 record
                Last error, 1 min 05 s ago: /nfs/sets is on a mount whose server has replaced it; mount it again.
            127.0.0.1:8560  embed          Up     -        cuda:0  -             -
                its JPEG library is another.

            """,
            nodes.Output);
    }

    [Fact]
    public async Task A_cluster_without_jobs_is_said_to_have_none()
    {
        _control.On("GET /api/v1/jobs", 200, """{"jobs":[],"further":0}""");
        KoalaRun run = await RunAsync("status");
        Assert.Equal((0, "", "no jobs; start one with koala submit LINKS DATA.\n"), (run.ExitCode, run.Output, run.Errors));
    }

    [Fact]
    public async Task Embedders_tells_what_autoscalers_are_told()
    {
        _control.On("GET /api/v1/scaling/embed", 200, """{"wanted":2,"records":3,"pictures":1500,"embedders":1,"opening":1}""");
        Assert.Equal("2 embedders wanted, 1 there: 3 records with 1,500 pictures wait, and 1 job is being opened.\n", (await RunAsync("embedders")).Output);
        KoalaRun run = await RunAsync("embedders", "--pictures-per-embedder", "1000", "--json");
        Assert.Equal((2, 1500), (run.Event("embedders_wanted").GetProperty("wanted").GetInt32(), run.Event("embedders_wanted").GetProperty("pictures").GetInt32()));
        Assert.Contains("?pictures_per_embedder=1000", _control.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_and_drain_name_what_they_stop()
    {
        _control.On("DELETE /api/v1/jobs/sets%2Fbirds", 200, """{"job":"birds-1"}""")
            .On("POST /api/v1/nodes/127.0.0.1:8559/drain", 200, """{"address":"127.0.0.1:8559"}""");
        Assert.StartsWith("job birds-1 cancelled", (await RunAsync("cancel", "sets/birds")).Output, StringComparison.Ordinal);
        Assert.StartsWith("127.0.0.1:8559 is draining: it accepts no new work", (await RunAsync("drain", "127.0.0.1:8559")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, 2)]
    [InlineData(404, 3)]
    [InlineData(409, 3)]
    [InlineData(503, 3)]
    public async Task What_the_control_node_refuses_is_told_with_its_sentence(int code, int exitCode)
    {
        _control.On("POST /api/v1/jobs", code, """{"error":"it cannot be."}""");
        KoalaRun run = await RunAsync("submit", "links.txt", "birds");
        Assert.Equal((exitCode, "koala: it cannot be.\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public async Task Of_several_control_nodes_the_first_that_answers_is_asked()
    {
        await using CannedControl away = await CannedControl.StartAsync();
        away.On("GET /api/v1/jobs", 503, """{"error":"the coordinator is away."}""");
        _control.On("GET /api/v1/jobs", 200, """{"jobs":[],"further":0}""");
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "jobs", "--control", $"http://127.0.0.1:1,{away.Root},{_control.Root}");
        Assert.Equal(0, run.ExitCode);
        Assert.Single(away.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Secrets_of_URLs_and_control_characters_are_not_shown(bool json)
    {
        _control.On("GET /api/v1/jobs/birds-1", 200, Job("failed", 1, 1, 1, 1)
            .Replace("/store/links.txt", "https://user:word@a.example/list?token=abc", StringComparison.Ordinal)
            .Replace("waits for embedders", "\\u001b]0;x\\u0007 http://user:word@b.example/ \\u202e", StringComparison.Ordinal));
        KoalaRun run = await RunAsync(["status", "birds-1", .. json ? (string[])["--json"] : []]);

        Assert.Contains("https://***@a.example/list?token=***", run.Output, StringComparison.Ordinal);
        Assert.Contains("http://***@b.example/", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output + run.Errors, letter => letter is '\u001b' or '\u0007' or '\u202e' && !json);
        Assert.DoesNotContain("user:word", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_than_a_control_node_is_said_to_be_none()
    {
        _control.On("GET /api/v1/jobs", 200, "<html>");
        KoalaRun run = await RunAsync("jobs");
        Assert.Equal((3, $"koala: {_control.Root}/ is not a control node; set another with --control or KOALA_CONTROL.\n"), (run.ExitCode, run.Errors));
    }

    private static string Job(string phase, int links, int resolved, int survivors, int pictures) =>
        $$"""
        {"job":"birds-1","data":"birds","source":"/store/links.txt","phase":"{{phase}}","note":"waits for embedders","round":1,"links":{{links}},"resolved":{{resolved}},
        "survivors":{{survivors}},"outcomes":{"not_found":10,"kept":40},"slices_in_work":1,"records_written":1,"records_ready":{{(phase == "done" ? 0 : 2)}},"records_in_work":1,"pictures":{{pictures}}}
        """;

    private Task<KoalaRun> RunAsync(params string[] words) =>
        KoalaProcess.RunAsync(_folder.Path, new() { ["KOALA_CONTROL"] = _control.Root }, words);
}
