using System.Collections.Concurrent;
using System.Globalization;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Koala.Control;

/// <summary>Reads samples of data sets, one at a time, and each at most every few seconds, however many ask. Thread-safe.</summary>
/// <param name="store">The store's folder.</param>
/// <param name="time">The clock.</param>
internal sealed class JobSampler(string store, TimeProvider time) : IDisposable
{
    private const int Slices = 8, RecordsOfSample = 4, Hosts = 20, Pictures = 12, MaxKnown = 100;
    private const long MaxPictureBytes = 8 << 20;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    // A mount that hangs must not hang the request.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly int[] SideBounds = [256, 512, 1024, 2048, 4096];
    private static readonly int[] ChromaBounds = [5, 10, 15, 20, 25, 30, 40, 50];

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<string, (JobSample Sample, bool FansOut, long At)> _known = new(StringComparer.Ordinal);

    /// <summary>A sample of a job's data set.</summary>
    /// <exception cref="ControlException">The store does not answer.</exception>
    public async Task<JobSample> SampleAsync(JobsProtocol.JobStatus job) => (await KnownAsync(job)).Sample;

    /// <summary>A resized picture of the job's sample; null: it has no such one.</summary>
    /// <exception cref="ControlException">The store does not answer.</exception>
    public async Task<byte[]?> PictureAsync(JobsProtocol.JobStatus job, string name)
    {
        (JobSample sample, bool fansOut) = await KnownAsync(job);
        return sample.Pictures.Any(picture => picture.IsResized && picture.Name == name)
            ? await ReadAsync(() => ReadPicture(StoreOf(job), new DataLayout(fansOut).ResizedPicture(name)), orElse: null)
            : null;
    }

    public void Dispose() => _turn.Dispose();

    private static byte[]? ReadPicture(FileDataStore? set, string name)
    {
        if (set?.SizeOf(name) is not (> 2 and <= MaxPictureBytes))
        {
            return null;
        }

        using Stream file = set.Open(name);
        using var content = new MemoryStream();
        file.CopyTo(content);
        byte[] bytes = content.ToArray();
        return bytes is [0xFF, 0xD8, ..] ? bytes : null;
    }

    private async Task<(JobSample Sample, bool FansOut)> KnownAsync(JobsProtocol.JobStatus job)
    {
        if (IsKnown(out (JobSample Sample, bool FansOut, long At) known))
        {
            return (known.Sample, known.FansOut);
        }

        if (!await _turn.WaitAsync(Patience))
        {
            throw NoAnswer();
        }

        try
        {
            if (!IsKnown(out known))
            {
                (JobSample sample, bool fansOut) = await ReadAsync(() => Read(StoreOf(job), job.Round), (JobSample.Empty, false));
                if (_known.Count >= MaxKnown)
                {
                    _known.Clear();
                }

                known = _known[job.Job.Value] = (sample, fansOut, time.GetTimestamp());
            }

            return (known.Sample, known.FansOut);
        }
        finally
        {
            _turn.Release();
        }

        bool IsKnown(out (JobSample Sample, bool FansOut, long At) sample) =>
            _known.TryGetValue(job.Job.Value, out sample) && time.GetElapsedTime(sample.At) < KeptFor;
    }

    // What is damaged, or not there yet, gives no sample: koala verify says what is wrong.
    private static async Task<T> ReadAsync<T>(Func<T> read, T orElse)
    {
        try
        {
            return await Task.Run(read).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw NoAnswer();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            return orElse;
        }
    }

    private static ControlException NoAnswer() => new(ControlError.Unavailable, "the disk of the store does not answer; try again when it does.");

    private FileDataStore? StoreOf(JobsProtocol.JobStatus job)
    {
        string path = Path.Combine(store, DataPath.Checked(job.Data));
        return Directory.Exists(path) && RealPath.IsWithin(path, store) ? new FileDataStore(path) : null;
    }

    private static (JobSample Sample, bool FansOut) Read(FileDataStore? set, int round)
    {
        if (set is null || JobParameters.Find(set) is not JobParameters job)
        {
            return (JobSample.Empty, false);
        }

        // A set that is done has its last round in its folder of slices.
        round = Math.Max(1, round > 0 ? round : LastRound(set));
        int[] slices = NumbersIn(set, DataLayout.SliceFolder(round));
        bool isResized = slices.Length > 0;
        slices = isResized ? slices : NumbersIn(set, DataLayout.FetchedFolder(round));
        RoundPlan? plan = RoundPlan.Find(set, round);
        List<(PlannedLink? Link, LinkRow Row)> rows = [];
        foreach (int slice in slices.TakeLast(Slices).Reverse())
        {
            IReadOnlyList<LinkRow> read = SliceManifest.Read(set, isResized ? DataLayout.Slice(round, slice) : DataLayout.Fetched(round, slice)).Rows;
            IReadOnlyList<PlannedLink> links = plan is not null && slice < plan.Slices ? plan.ReadSlice(slice) : [];
            rows.AddRange(read.Select((row, i) => (i < links.Count && links[i].Name == row.Name ? links[i] : null, row)));
        }

        return (Of(rows, [.. NumbersIn(set, DataLayout.RecordManifests).TakeLast(RecordsOfSample).SelectMany(record => RecordManifest.Find(set, record)?.Chroma ?? [])]), job.FansOut);
    }

    private static int LastRound(FileDataStore set) =>
        set.List(Path.GetDirectoryName(DataLayout.SliceFolder(1))!).Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int round) ? round : 0).DefaultIfEmpty(0).Max();

    private static int[] NumbersIn(FileDataStore set, string folder) =>
    [
        .. set.List(folder).Where(name => name.EndsWith(".json", StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(0, name.Length - ".json".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)
            .Where(number => number >= 0).Order(),
    ];

    private static JobSample Of(List<(PlannedLink? Link, LinkRow Row)> rows, IReadOnlyList<double> chroma)
    {
        var hosts = rows.Where(row => row.Link?.Url is not null)
            .GroupBy(row => LinkHost.TryParse(row.Link!.Url, out LinkHost host) ? host.Name : "(no host)", StringComparer.Ordinal)
            .Select(group => new SampledHost(
                group.Key,
                group.Count(row => row.Row.IsKept),
                group.Count(row => !row.Row.IsKept),
                group.Where(row => !row.Row.IsKept).CountBy(row => row.Row.Outcome, StringComparer.Ordinal).ToDictionary(count => count.Key, count => (long)count.Value, StringComparer.Ordinal)))
            .OrderByDescending(host => host.Failed).ThenByDescending(host => host.Kept).ThenBy(host => host.Host, StringComparer.Ordinal);
        return new JobSample(
            rows.Count,
            [.. hosts.Take(Hosts)],
            [
                .. rows.Where(row => row.Row is { IsKept: true, Original: not null }).Take(Pictures)
                    .Select(row => new SampledPicture(row.Row.Name, row.Link?.Url, row.Row.Original!.Width, row.Row.Original.Height, row.Row.Resized is not null)),
            ],
            RangesOf(rows.Where(row => row.Row.Original is not null).Select(row => (double)Math.Max(row.Row.Original!.Width, row.Row.Original.Height)), SideBounds),
            RangesOf(chroma, ChromaBounds));
    }

    private static SampledRange[] RangesOf(IEnumerable<double> values, int[] bounds)
    {
        long[] counts = new long[bounds.Length + 1];
        foreach (double value in values)
        {
            int range = Array.FindIndex(bounds, bound => value < bound);
            counts[range < 0 ? bounds.Length : range]++;
        }

        return counts.Sum() == 0 ? [] : [.. counts.Select((count, i) => new SampledRange(NameOf(i), count))];

        string NameOf(int i) => i == 0 ? $"below {bounds[0]}" : i == bounds.Length ? $"{bounds[^1]} and more" : $"{bounds[i - 1]} to {bounds[i] - 1}";
    }
}
