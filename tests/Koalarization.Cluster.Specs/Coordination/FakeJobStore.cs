using System.Collections.Concurrent;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>A store without a disk, but for the plans of rounds: it records its calls. Thread-safe.</summary>
internal sealed class FakeJobStore(string folder) : IJobStore
{
    private static readonly SetTotals Totals = new(100, 90, new Dictionary<string, long> { ["timeout"] = 10 }, 1, 0);

    private readonly Lock _gate = new();
    private readonly List<JobEntry> _entries = [];
    private readonly Dictionary<JobId, RoundLedger> _rounds = [];
    private readonly Dictionary<SliceId, SliceSummary> _manifests = [];
    private long _epoch;

    /// <summary>Slices of the round that a job of this folder begins with; 3 by default.</summary>
    public ConcurrentDictionary<string, int> Slices { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Calls { get; } = [];

    public string Codec { get; set; } = ActiveJobsTests.Codec;

    public NetworkParameters? Network { get; set; } = ActiveJobsTests.Network;

    public Func<JobSpec, string?> Refuses { get; set; } = _ => null;

    public IReadOnlySet<NodeOwner> Present { get; private set; } = new HashSet<NodeOwner>();

    public Dictionary<(int Round, int Slice), int> Losses { get; } = [];

    /// <summary>Another process that has a data set in work.</summary>
    public DataOwner? Foreign { get; set; }

    /// <summary>What opening a data set ends with; null: it is opened.</summary>
    public Exception? OpenFails { get; set; }

    public HashSet<JobId> Done { get; } = [];

    public IReadOnlyList<StoredJob> Load()
    {
        lock (_gate)
        {
            return [.. _entries.AsEnumerable().Reverse().Select(entry => new StoredJob(entry, Done.Contains(entry.Job) ? Totals : null))];
        }
    }

    /// <summary>Records that are committed.</summary>
    public ConcurrentDictionary<RecordId, bool> Committed { get; } = new();

    /// <summary>A manifest is published.</summary>
    public void Publish(SliceId slice, int survivors)
    {
        lock (_gate)
        {
            _manifests[slice] = new SliceSummary(
                slice.Round, slice.Slice, RoundPlan.LinksPerSlice, survivors, new Dictionary<string, int>(StringComparer.Ordinal) { ["kept"] = survivors }, "");
            _rounds[slice.Job] = _rounds[slice.Job].WithResolved(slice.Slice, survivors);
        }
    }

    public JobEntry Append(JobId job, JobSpec spec, bool isCancelled)
    {
        lock (_gate)
        {
            var entry = new JobEntry(job, _entries.Count(known => known.Job == job) + 1, spec, isCancelled);
            Calls.Enqueue($"{(isCancelled ? "cancel" : "append")} {spec.Data}");
            entry = entry with { Number = (_entries.Find(known => known.Job == job)?.Number ?? 0) + 1 };
            _entries.RemoveAll(known => known.Job == job);
            _entries.Add(entry);
            return entry;
        }
    }

    public Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Calls.Enqueue($"open {spec.Data}");
            if (Refuses(spec) is string reason)
            {
                throw new JobRefusedException(reason);
            }

            if (OpenFails is Exception failure)
            {
                throw failure;
            }

            _epoch = Math.Max(_epoch, Foreign?.Epoch ?? 0);
            int slices = Slices.GetValueOrDefault(spec.Data, 3);
            if (!_rounds.TryGetValue(job, out RoundLedger? round))
            {
                _rounds.Add(job, round = RoundLedger.Begin(1, slices, 0, Network?.PicturesPerRecord ?? spec.PicturesPerRecord ?? 500));
            }

            return Task.FromResult(new OpenedJob(
                job, spec, ++_epoch, ActiveJobsTests.Parameters(Codec), Network, [new OpenRound(PlanOf(job, slices), round)], new Dictionary<string, long>())
            {
                Links = slices * RoundPlan.LinksPerSlice,
            });
        }
    }

    public NetworkParameters FixNetwork(OpenedJob job, NetworkParameters network)
    {
        Calls.Enqueue($"fix {network.Weights} {network.PicturesPerRecord}");
        return network;
    }

    public DataOwner? NewestOwner(OpenedJob job)
    {
        Calls.Enqueue("epoch");
        return Foreign;
    }

    public SliceSummary? FindSlice(OpenedJob job, SliceId slice)
    {
        lock (_gate)
        {
            return _manifests.GetValueOrDefault(slice);
        }
    }

    public bool IsCommitted(OpenedJob job, int record) => Committed.ContainsKey(new RecordId(job.Job, record));

    public IReadOnlyDictionary<(int Round, int Slice), int> RemoveScratchOfOthers(OpenedJob job, IReadOnlySet<NodeOwner> present)
    {
        lock (_gate)
        {
            Present = present;
            Calls.Enqueue("remove scratch");
            return new Dictionary<(int, int), int>(Losses);
        }
    }

    public void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation) => Calls.Enqueue($"close {job.Spec.Data}");

    private RoundPlan PlanOf(JobId job, int slices)
    {
        string path = Path.Combine(folder, job.Value);
        var store = new FileDataStore(path, OwnerScratch.Of(1, "spec"));
        try
        {
            return RoundPlan.Find(store, 1) ?? RoundPlan.Write(
                store, 1, Enumerable.Range(0, slices * RoundPlan.LinksPerSlice).Select(i => new PlannedLink($"{i:D8}", $"http://host/{i}", "")));
        }
        finally
        {
            store.Close();
        }
    }
}
