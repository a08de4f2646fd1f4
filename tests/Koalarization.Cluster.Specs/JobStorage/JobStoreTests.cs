using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Specs.Writing;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.JobStorage;

public sealed class JobStoreTests : IDisposable
{
    private static readonly NodeOwner Owner = new("owner");
    private static readonly JobId Job = new("flowers");

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];
    private readonly JobStore _store;

    public JobStoreTests()
    {
        _store = NewStore(Owner);
        File.WriteAllLines(_folder["urls.txt"], Enumerable.Range(0, 1100).Select(i => $"http://127.0.0.1/{i}.jpg"));
    }

    private string Data => _folder["sets/flowers"];

    private JobSpec Spec => new() { Source = _folder["urls.txt"], Data = "sets/flowers" };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Opening_a_new_job_plans_its_links_and_takes_the_data_set()
    {
        OpenedJob job = await _store.OpenAsync(Job, Spec, CancellationToken.None);
        Assert.Equal((1, "sets/flowers/resized/", false), (job.Epoch, job.Parameters.ImageNamePrefix, job.Parameters.FansOut));
        OpenRound round = Assert.Single(job.Rounds);
        Assert.Equal((1, 1100L, 3, 0), (round.Plan.Round, round.Plan.Links, round.Plan.Slices, round.Ledger.Resolved));
        Assert.Empty(job.Outcomes);
        Assert.Null(job.Network);
        Assert.Equal((DataOwnerKind.Cluster, Owner.Name), DataOwners.Newest(new FileDataStore(Data)) is DataOwner owner ? (owner.Kind, owner.Owner) : default);
        Assert.False(Directory.Exists(Path.Combine(Data, ".koala/tmp")));
    }

    [Fact]
    public async Task Opening_again_goes_on_with_what_is_resolved_under_the_next_epoch()
    {
        OpenedJob first = await _store.OpenAsync(Job, Spec, CancellationToken.None);
        Resolve(first, slice: 1, kept: 500);
        OpenedJob again = await NewStore(new NodeOwner("another")).OpenAsync(Job, Spec, CancellationToken.None);
        Assert.Equal((2, 1), (again.Epoch, again.Rounds[0].Ledger.Resolved));
        Assert.Equal((500, 12), (again.Outcomes["kept"], again.Outcomes["not_found"]));
        Assert.Equal((2, 2), (_store.NewestOwner(first)?.Epoch, _store.NewestOwner(again)?.Epoch));
    }

    [Fact]
    public async Task Other_parameters_than_the_first_ones_are_refused_by_name()
    {
        await _store.OpenAsync(Job, Spec, CancellationToken.None);
        Assert.Contains("--skip", await RefusalOf(Spec with { Skip = 3 }), StringComparison.Ordinal);
        Assert.Contains("--fanout", await RefusalOf(Spec with { FansOut = true }), StringComparison.Ordinal);
        Assert.Contains("another list", await RefusalOf(Spec with { Source = WriteList("http://127.0.0.1/x.jpg") }), StringComparison.Ordinal);
        Assert.Contains("299x299", await RefusalOf(new JobSpec { Source = _folder["urls.txt"], Data = "small", Width = 64, Height = 64 }), StringComparison.Ordinal);
        Assert.Contains("libturbojpeg", await RefusalOf(Spec, NewStore(Owner, fingerprint: new string('e', 64))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-list.txt", "sets/flowers", "there is no list")]
    [InlineData("urls.txt", "../outside", "not below the store")]
    [InlineData("urls.txt", "/tmp/outside", "not below the store")]
    [InlineData("-", "sets/flowers", "standard input")]
    public async Task What_cannot_be_a_job_is_refused(string source, string data, string why)
    {
        string refusal = await RefusalOf(new JobSpec { Source = source == "-" ? source : _folder[source], Data = data });
        Assert.Contains(why, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_without_a_link_is_refused_and_mended_it_is_taken()
    {
        string list = WriteList("# nothing");
        Assert.Contains("no link", await RefusalOf(Spec with { Source = list }), StringComparison.Ordinal);
        Assert.Single((await _store.OpenAsync(Job, Spec, CancellationToken.None)).Rounds);
    }

    [Theory]
    [InlineData("/etc/passwd", "none of the folders")]
    [InlineData("/dev/zero", "no regular file")]
    [InlineData("pipe", "no regular file")]
    [InlineData("out.txt", "none of the folders")]
    [InlineData("store-outside/urls.txt", "none of the folders")]
    public async Task A_list_that_is_no_file_below_the_allowed_folders_is_refused_and_never_waited_for(string source, string why)
    {
        using var elsewhere = new TemporaryFolder();
        using (System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", _folder["pipe"]))
        {
            await made.WaitForExitAsync();
        }

        File.WriteAllText(elsewhere["urls.txt"], "http://127.0.0.1/a.jpg\n");
        File.CreateSymbolicLink(_folder["out.txt"], elsewhere["urls.txt"]);
        Directory.CreateSymbolicLink(_folder["store-outside"], elsewhere.Path);
        JobStore store = NewStore(Owner, sources: [_folder.Path]);
        Assert.Contains(why, await RefusalOf(Spec with { Source = Path.Combine(_folder.Path, source) }, store), StringComparison.Ordinal);

        Assert.Single((await NewStore(Owner, sources: [_folder.Path, elsewhere.Path]).OpenAsync(Job, Spec with { Source = elsewhere["urls.txt"] }, CancellationToken.None)).Rounds);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/list.txt")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::1]:1/list.txt")]
    [InlineData("http://localhost:1/list.txt")]
    public async Task A_list_at_an_address_that_is_not_of_the_open_web_is_not_asked_for(string url) =>
        Assert.Contains("not of the open web", await RefusalOf(Spec with { Source = url }), StringComparison.Ordinal);

    [Theory]
    [InlineData("sets/.koala/tmp")]
    [InlineData(".koala")]
    [InlineData("out")]
    [InlineData("out/birds")]
    public async Task A_data_set_that_is_none_below_the_store_is_refused(string data)
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(_folder["out"], elsewhere.Path);
        Assert.Contains("store", await RefusalOf(Spec with { Data = data }), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere.Path));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task A_job_that_cannot_be_read_is_its_own_failure_and_the_others_are_there(string content)
    {
        await _store.OpenAsync(Job, Spec, CancellationToken.None);
        _store.Append(Job, Spec, isCancelled: false);
        _store.Append(JobId.Of("long"), Spec with { Data = new string('x', 300) }, isCancelled: false);
        Directory.CreateDirectory(_folder[".koala/jobs/odd"]);
        File.WriteAllText(_folder[".koala/jobs/odd/1.json"], content);

        IReadOnlyList<StoredJob> jobs = _store.Load();

        Assert.Equal(3, jobs.Count);
        Assert.Contains(".koala/jobs/odd", jobs.Single(job => job.Entry.Job == new JobId("odd")).Fault, StringComparison.Ordinal);
        Assert.All(jobs.Where(job => job.Entry.Job != new JobId("odd")), job => Assert.Null(job.Fault));
    }

    [Fact]
    public async Task A_data_set_that_a_run_works_on_is_refused()
    {
        using FolderLock run = FolderLock.Take(Data);
        Assert.Contains("another koala", await RefusalOf(Spec), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_store_itself_can_be_the_data_set()
    {
        OpenedJob job = await _store.OpenAsync(Job, Spec with { Data = "." }, CancellationToken.None);
        Assert.Equal("./resized/", job.Parameters.ImageNamePrefix);
        Assert.True(File.Exists(_folder[".koala/job.json"]));
        Assert.Equal(1, _store.NewestOwner(job)?.Epoch);
    }

    [Fact]
    public async Task The_network_is_fixed_once_and_what_a_job_asks_for_is_compared()
    {
        OpenedJob job = await _store.OpenAsync(Job, Spec, CancellationToken.None);
        NetworkParameters network = SampleSet.Network with { PicturesPerRecord = 100 };
        Assert.Equal(network, _store.FixNetwork(job, network));
        Assert.Equal(network, _store.FixNetwork(job, network with { Weights = "random:1" }));
        Assert.Throws<JobRefusedException>(() => _store.FixNetwork(job with { Spec = Spec with { Weights = "random:1" } }, network with { Weights = "random:1" }));
        OpenedJob again = await _store.OpenAsync(Job, Spec, CancellationToken.None);
        Assert.Equal((network, 100), (again.Network, again.Rounds[0].Ledger.PicturesPerRecord));
        Assert.Contains("--batch-size", await RefusalOf(Spec with { PicturesPerRecord = 7 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scratch_spaces_of_owners_that_left_are_removed_and_their_slices_counted()
    {
        OpenedJob job = await _store.OpenAsync(Job, Spec, CancellationToken.None);
        NodeOwner present = new("present"), gone = new("gone");
        using var stays = new NodeStores(_folder.Path, present);
        using var goes = new NodeStores(_folder.Path, gone);
        OwnerScratch.MarkSlice(stays.ToWrite(Spec.Data, 1), 1, 0);
        OwnerScratch.MarkSlice(goes.ToWrite(Spec.Data, 1), 1, 2);
        IReadOnlyDictionary<(int, int), int> losses = _store.RemoveScratchOfOthers(job, new HashSet<NodeOwner> { present });
        Assert.Equal([KeyValuePair.Create((1, 2), 1)], losses);
        Assert.Equal(["present"], new FileDataStore(Data).List(DataLayout.TemporaryOf(1)));
        Assert.Throws<DirectoryNotFoundException>(() => goes.ToWrite(Spec.Data, 1).NewDraft());
        Assert.Equal(losses, NewStore(new NodeOwner("next")).RemoveScratchOfOthers(job, new HashSet<NodeOwner> { present }));
    }

    [Fact]
    public async Task A_round_without_records_is_left_open_and_the_views_tell_what_there_is()
    {
        OpenedJob job = await _store.OpenAsync(Job, Spec with { Until = JobEnd.Resize }, CancellationToken.None);
        RoundLedger ledger = ResolveAll(job, kept: 0);
        _store.Close(job, [ledger], CancellationToken.None);
        Assert.Contains("\"not_found\": 1100", File.ReadAllText(Path.Combine(Data, "dataset.json")), StringComparison.Ordinal);
        Assert.Single((await _store.OpenAsync(Job, Spec, CancellationToken.None)).Rounds);
    }

    [Fact]
    public async Task A_round_that_is_done_is_closed_and_retrying_opens_the_next()
    {
        OpenedJob job = await _store.OpenAsync(Job, Spec, CancellationToken.None);
        using var stores = new NodeStores(_folder.Path, new NodeOwner("worker"));
        stores.ToWrite(Spec.Data, 1);
        _store.Close(job, [ResolveAll(job, kept: 0)], CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(Data, DataLayout.RoundClosed(1))));
        Assert.False(Directory.Exists(Path.Combine(Data, DataLayout.TemporaryOf(1))));
        Assert.Empty((await _store.OpenAsync(Job, Spec, CancellationToken.None)).Rounds);
        OpenRound next = Assert.Single((await _store.OpenAsync(Job, Spec with { RetryFailed = true }, CancellationToken.None)).Rounds);
        Assert.Equal((2, 1100L), (next.Plan.Round, next.Plan.Links));
    }

    [Fact]
    public async Task A_record_on_its_way_from_another_writer_is_left_alone_when_a_job_is_opened()
    {
        OpenedJob job = await _store.OpenAsync(Job, Spec, CancellationToken.None);
        string data = Path.Combine(Data, RecordLayout.Data(0, new string('a', 64)));
        Directory.CreateDirectory(Path.GetDirectoryName(data)!);
        File.WriteAllText(data, "linked, and its manifest comes next");
        await _store.OpenAsync(Job, Spec, CancellationToken.None);
        Assert.True(File.Exists(data));
        Assert.Equal(2, _store.NewestOwner(job)?.Epoch);
    }

    [Fact]
    public void Jobs_are_found_again_by_their_newest_file_newest_first()
    {
        Assert.Empty(_store.Load());
        JobEntry flowers = _store.Append(Job, Spec, isCancelled: false);
        _store.Append(new JobId("birds"), Spec with { Data = "birds", Until = JobEnd.Resize, Skip = 3, Weights = "random:1" }, isCancelled: false);
        JobEntry cancelled = _store.Append(Job, Spec, isCancelled: true);
        Assert.Equal((1, 2), (flowers.Number, cancelled.Number));
        JobEntry[] jobs = [.. NewStore(new NodeOwner("next")).Load().Select(stored => stored.Entry)];
        Assert.Equal([cancelled, new JobEntry(new JobId("birds"), 1, Spec with { Data = "birds", Until = JobEnd.Resize, Skip = 3, Weights = "random:1" }, IsCancelled: false)], jobs);
    }

    [Fact]
    public async Task A_cancelled_jobs_round_is_released()
    {
        await _store.OpenAsync(Job, Spec, CancellationToken.None);
        Assert.Equal(1, RecordHome.Of(Data).OpenRound());
        _store.Append(Job, Spec, isCancelled: true);
        Assert.Null(RecordHome.Of(Data).OpenRound());
        Assert.Equal(3, (await _store.OpenAsync(Job, Spec, CancellationToken.None)).Epoch);
        Assert.Equal(1, RecordHome.Of(Data).OpenRound());
    }

    private RoundLedger ResolveAll(OpenedJob job, int kept)
    {
        RoundLedger ledger = job.Rounds[0].Ledger;
        for (int slice = 0; slice < job.Rounds[0].Plan.Slices; slice++)
        {
            Resolve(job, slice, kept);
            ledger = ledger.WithResolved(slice, kept);
        }

        return ledger;
    }

    private void Resolve(OpenedJob job, int slice, int kept)
    {
        RoundPlan plan = job.Rounds[0].Plan;
        var store = new FileDataStore(Data, OwnerScratch.Of(1, OwnerScratch.NewName()));
        LinkRow[] rows =
        [
            .. plan.ReadSlice(slice).Select((link, place) => place < kept
                ? new LinkRow(link.Name, LinkRow.Kept, Detail: null, 1, new OriginalFacts(1, "", 1, 1), new FileFacts(1, ""))
                : new LinkRow(link.Name, "not_found", "404", 1, Original: null, Resized: null)),
        ];
        SliceManifest.Publish(store, DataLayout.Slice(plan.Round, slice), plan.Round, slice, rows);
        store.Close();
    }

    private string WriteList(string line)
    {
        File.WriteAllText(_folder["other.txt"], line + "\n");
        return _folder["other.txt"];
    }

    private async Task<string> RefusalOf(JobSpec spec, JobStore? store = null) =>
        (await Assert.ThrowsAsync<JobRefusedException>(() => (store ?? _store).OpenAsync(Job, spec, CancellationToken.None))).Message;

    private JobStore NewStore(NodeOwner owner, string? fingerprint = null, string[]? sources = null) => new(new JobStoreOptions
    {
        Root = _folder.Path,
        Owner = owner,
        CodecFingerprint = fingerprint ?? new string('c', 64),
        MaxLockTries = 1,
        Sources = sources is null ? null : new AllowedSources(sources),
        Note = _notes.Add,
    });
}
