using System.Text.Json;
using Koalarization.Integration.Cluster;
using Xunit.Abstractions;

namespace Koalarization.Integration.Browser;

/// <summary>The page of control nodes, in a real browser.</summary>
public sealed class ClusterPageTests(ITestOutputHelper output) : ClusterFixture(output)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [ChromiumFact]
    public async Task A_job_is_followed_from_0_to_its_end_in_two_tabs_and_a_node_that_is_killed_is_shown()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 20).With(Web.Links(120));
        AddAll("control", "fetch,embed,write", "fetch");
        ClusterNode worker = Cluster.Nodes[1], lost = Cluster.Nodes[2];
        await Cluster.StartAsync();
        await using Chromium browser = await Chromium.StartAsync(Folder["profile"]);
        Tab[] tabs = [await browser.OpenAsync(Cluster.Nodes[0].Control), await browser.OpenAsync(Cluster.Nodes[0].Control)];
        foreach (Tab tab in tabs)
        {
            await tab.ShowsAsync("No jobs; start one");
            await tab.ShowsAsync("1 control, 2 fetch, 1 embed, 1 write");
        }

        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        foreach (Tab tab in tabs)
        {
            await EndedAsync(tab);
            await tab.ShowsAsync("120 of 120 links");
            await tab.ShowsAsync("75 of 75 pictures");
            await tab.ShowsAsync("not_found");
            await tab.UntilAsync("document.querySelectorAll('.pictures li').length === 12 && [...document.querySelectorAll('.pictures canvas')].every(canvas => canvas.width === 299)");
        }

        // What is shown in gray has no colour, and some of what is shown in colour has.
        Assert.True(await tabs[0].EvaluateAsync<bool>(
            """
            (() => { const all = [...document.querySelectorAll(".pictures canvas")].map(canvas => canvas.getContext("2d").getImageData(0, 0, 299, 299).data);
            const isGray = data => data.every((value, i) => i % 4 !== 1 || (data[i - 1] === value && data[i + 1] === value));
            return all.every((data, i) => i % 2 === 0 || isGray(data)) && all.some(data => !isGray(data)) && all.some(data => isGray(data) && new Set(data).size > 20); })()
            """));

        // Of pictures only those that are listed are given, whatever they are called.
        string[] names = ["../dataset.json", "../../store.json", "../.koala/job.json", "/etc/passwd", "", Path.GetFileName(Directory.GetFiles(Cluster["data/original"])[0]) + "/../../dataset.json"];
        int[] codes = await tabs[0].EvaluateAsync<int[]>($$"""
            (async () => { const path = "/api/v1/jobs/{{job}}/", codes = [], listed = (await (await fetch(path + "sample")).json()).pictures[0].name;
            for (const name of [listed, ...{{JsonSerializer.Serialize(names)}}]) { codes.push((await fetch(path + "picture?name=" + encodeURIComponent(name))).status); } return codes; })()
            """);
        Assert.Equal([200, .. names.Select(_ => 404)], codes);

        await lost.KillAsync();
        foreach (Tab tab in tabs)
        {
            await tab.UntilAsync($"{RowOf(lost)}?.textContent.includes('gone since')", Long);
            await tab.ShowsAsync("1 control, 1 fetch, 1 embed, 1 write");
        }

        await tabs[0].PressTwiceAsync("Retry failed");
        await tabs[0].ShowsAsync("Its failed links are tried again.");
        await tabs[1].ShowsAsync("round 2", Long);
        await EndedAsync(tabs[1]);
        await tabs[1].EvaluateAsync<bool>($"{RowOf(worker)}.querySelectorAll('button').forEach(button => {{ button.click(); button.click(); }}) ?? true");
        Assert.Equal(0, await worker.EndAsync(TimeSpan.FromMinutes(1)));
        await tabs[0].ShowsAsync("1 control, 0 fetch, 0 embed, 0 write", Long);
        Assert.All(tabs, tab => Assert.Empty(tab.Errors));
        Cluster.Passed();
    }

    [ChromiumFact]
    [Trait("Takes", "minutes")]
    public async Task It_goes_on_when_the_coordinator_moves_and_when_its_own_node_is_lost_and_comes_back()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 20).With(Web.Links(120));
        AddAll("control", "control", "control", "fetch,embed,write");
        await Cluster.StartAsync();
        ClusterNode lost = Cluster.Nodes[0], other = Cluster.Nodes[1];
        await using Chromium browser = await Chromium.StartAsync(Folder["profile"]);
        Tab ofOther = await browser.OpenAsync(other.Control), ofLost = await browser.OpenAsync(lost.Control);
        await ofOther.ShowsAsync("3 control, 1 fetch");
        await ofLost.ShowsAsync("3 control, 1 fetch");

        await lost.KillAsync();
        await ofLost.ShowsAsync("This control node does not answer; trying again", Long);
        await ofLost.ShowsAsync("What is shown is from");
        await ofOther.UntilAsync($"{RowOf(lost)}?.textContent.includes('gone since')", Long);
        await ofOther.UntilAsync("document.getElementById('state').textContent === 'Live'", Long);
        await ofOther.ShowsAsync("2 control, 1 fetch");

        await Cluster.SubmitAsync(work.Submitting("data"));
        await EndedAsync(ofOther);
        lost.Start();
        await ofLost.UntilAsync("document.getElementById('state').textContent === 'Live'", Long);
        await EndedAsync(ofLost);
        Assert.Empty(ofOther.Errors);
        Assert.Empty(ofLost.Errors);
        Cluster.Passed();
    }

    [ChromiumFact]
    public async Task Names_and_links_stay_text_and_a_token_is_asked_for_and_kept_in_its_tab()
    {
        string command = new('c', 32), view = new('v', 32);
        File.WriteAllText(Folder["command.token"], command);
        File.WriteAllText(Folder["view.token"], view);
        ClusterNode node = Cluster.Add("control", "--token-file", Folder["command.token"], "--view-token-file", Folder["view.token"]);
        node.Start();
        await Pause.UntilAsync("the node answers", Long, async () => (await KoalaAsync(node, "jobs", view)).ExitCode == 0);
        await using Chromium browser = await Chromium.StartAsync(Folder["profile"]);
        Tab tab = await browser.OpenAsync(node.Control);

        await tab.ShowsAsync("This control node asks for a token.");
        await GiveAsync(tab, "another-token-of-no-one");
        await tab.ShowsAsync("This control node does not know that token.");
        await GiveAsync(tab, view);
        await tab.ShowsAsync("1 control, 0 fetch");
        Assert.Equal(0, await tab.EvaluateAsync<int>("[...document.querySelectorAll('main button')].filter(button => !button.closest('[hidden]') && !button.hidden).length"));
        Tab another = await browser.OpenAsync(node.Control);
        await another.ShowsAsync("This control node asks for a token.");
        await GiveAsync(another, command);
        await another.UntilAsync("[...document.querySelectorAll('main button')].some(button => button.textContent === 'Drain' && !button.hidden)");
        Assert.Equal((0, command), (await another.EvaluateAsync<int>("localStorage.length"), await another.EvaluateAsync<string>("sessionStorage.getItem('koala-token')")));
        Assert.DoesNotContain(command, await another.EvaluateAsync<string>("document.documentElement.outerHTML + location.href + document.cookie"), StringComparison.Ordinal);

        string[] hostile = ["<img src=x onerror=hacked=1>", "\"><script>hacked=1</script>", "javascript:hacked=1", "</h3><svg onload=hacked=1>", "\u202Egpej.<b>x</b>", "${hacked=1}"];
        await another.AnswerAsync("/sample", "application/json", Sample(hostile));
        await another.AnswerAsync("/api/v1/events", "text/event-stream", Events(hostile));
        await another.GoAsync(node.Control);
        await another.UntilAsync("document.querySelectorAll('.pictures li').length > 0");
        string shown = await another.EvaluateAsync<string>("document.body.textContent");
        Assert.All(hostile, text => Assert.True(shown.Split(text).Length > 8, $"{text} is shown {shown.Split(text).Length - 1} times"));
        Assert.Equal(0, await another.EvaluateAsync<int>("document.querySelectorAll('main img, main script, main b:not(:empty) *, main a, main iframe, [onload], [onerror]').length"));
        Assert.Equal("undefined", await another.EvaluateAsync<string>("typeof hacked"));
        Assert.Empty(another.Errors);
        await ClusterOfProcesses.LeaveAsync(node);
        Cluster.Passed();
    }

    private static string RowOf(ClusterNode node) => $"[...document.querySelectorAll('#nodes tr')].find(row => row.textContent.includes('{node.Address}'))";

    private static Task EndedAsync(Tab tab) => tab.UntilAsync("document.querySelector('.phase')?.textContent === 'done'", Long);

    private static async Task GiveAsync(Tab tab, string token)
    {
        await tab.UntilAsync("!document.getElementById('token').hidden");
        await tab.EvaluateAsync<bool>($"document.getElementById('token-text').value = '{token}', document.querySelector('#token button').click(), true");
    }

    // Every text of a job, of its sample and of a node is hostile.
    private static string Events(string[] hostile)
    {
        object cluster = new
        {
            at = 1_790_000_000_000,
            store = hostile[0],
            jobs = hostile.Select((text, i) => new
            {
                job = text,
                data = text,
                source = text,
                phase = i == 0 ? "working" : "failed",
                note = text,
                round = 2,
                links = 10,
                resolved = 5,
                survivors = 3,
                failed = 2,
                pictures = 1,
                outcomes = new Dictionary<string, int> { [text] = 2 },
                bound_by = text,
                bound_reason = text,
            }),
            further_jobs = 0,
            nodes = hostile.Select(text => new
            {
                address = text,
                roles = new[] { "fetch", text },
                state = text,
                owner = text,
                slices = 1,
                records = 1,
                note = text,
                version = text,
                device = text,
                last_error = text,
                outage = text,
            }),
            further_nodes = 0,
            rates = new[] { 1_790_000_000.0, 1, 2, 3 },
        };
        return $"event: access\ndata: {{\"may_command\":true}}\n\nevent: history\ndata: {{\"spacing\":10,\"points\":[]}}\n\nevent: cluster\ndata: {JsonSerializer.Serialize(cluster)}\n\n";
    }

    private static string Sample(string[] hostile) => JsonSerializer.Serialize(new
    {
        links = 1,
        hosts = hostile.Select(text => new { host = text, kept = 1, failed = 2, outcomes = new Dictionary<string, int> { [text] = 2 } }),
        pictures = hostile.Select(text => new { name = text, url = text, width = 1, height = 1, is_resized = true }),
        longer_sides = hostile.Select(text => new { range = text, count = 1 }),
        chroma = hostile.Select(text => new { range = text, count = 1 }),
    });

    private async Task<KoalaRun> KoalaAsync(ClusterNode node, string command, string token)
    {
        File.WriteAllText(Folder["client.token"], token);
        return await KoalaProcess.RunAsync(Folder.Path, command, "--control", node.Control, "--token-file", Folder["client.token"]);
    }
}
