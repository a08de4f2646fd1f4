using Koalarization.Dataset.Planning;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Pipeline.Links;

/// <summary>What all work in one round in this process shares. Thread-safe; made and disposed of off the actors' threads: it touches the disk.</summary>
internal sealed class RoundContext : IAsyncDisposable
{
    // Originals come with their resized pictures: with fewer links no group fills itself.
    private const int FewLinks = GroupPublisher.FilesInGroup;

    private readonly IPictureResizer _decoding;
    private readonly IPictureResizer _resizing;
    private readonly SandboxedResizer _sandboxedDecoding;
    private readonly SandboxedResizer _sandboxedResizing;
    private readonly Dictionary<int, int> _marks = [];
    private int _unendedLinks;

    /// <param name="store">The data set, with this process's temporary space.</param>
    /// <param name="round">The round.</param>
    /// <param name="newResizer">Makes a resizer to a size, or one that only decodes, by a rule of which originals are whole.</param>
    /// <param name="maxPixels">Most pixels a picture's header may claim.</param>
    /// <param name="fileReads">Files that are in memory at once: thousands of links are in work, and only as many files as keep the cores busy.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidDataException">There is no such round, or it is damaged.</exception>
    public RoundContext(
        FileDataStore store, int round, Func<PictureSize?, PictureRule, IPictureResizer> newResizer, long maxPixels, SemaphoreSlim fileReads, TimeProvider time)
    {
        Store = store;
        FileReads = fileReads;
        Job = JobParameters.Find(store) ?? throw new InvalidDataException($"{store.PathOf(DataLayout.Job)} is missing.");
        Plan = RoundPlan.Find(store, round) ?? throw new InvalidDataException($"{store.PathOf(DataLayout.PlanIndex(round))} is missing.");
        var size = new PictureSize(Job.Width, Job.Height);
        _decoding = newResizer(null, Job.Rule);
        _resizing = newResizer(size, Job.Rule);
        _sandboxedDecoding = new SandboxedResizer(size: null, maxPixels, Job.Rule);
        _sandboxedResizing = new SandboxedResizer(size, maxPixels, Job.Rule);
        Publisher = new GroupPublisher(store, time);
    }

    public FileDataStore Store { get; }

    public JobParameters Job { get; }

    public RoundPlan Plan { get; }

    /// <summary>Makes pictures durable in groups.</summary>
    public GroupPublisher Publisher { get; }

    /// <summary>Is waited for before a file is read into memory, and released when its bytes are no longer needed.</summary>
    public SemaphoreSlim FileReads { get; }

    /// <summary>The resizer for a job's pictures.</summary>
    /// <param name="onlyDecodes">Whether pictures are not resized.</param>
    /// <param name="isSandboxed">Whether they may kill the process that decodes them.</param>
    public IPictureResizer Resizer(bool onlyDecodes, bool isSandboxed) => (onlyDecodes, isSandboxed) switch
    {
        (true, false) => _decoding,
        (false, false) => _resizing,
        (true, true) => _sandboxedDecoding,
        (false, true) => _sandboxedResizing,
    };

    /// <summary>
    /// Marks a slice as being worked on, for the process that counts the losses of this process. A slice that is leased again is marked a second time before its
    /// first work has ended: the mark goes with the last <see cref="UnmarkSlice"/>.
    /// </summary>
    public void MarkSlice(int slice)
    {
        lock (_marks)
        {
            int marks = _marks.GetValueOrDefault(slice);
            if (marks == 0)
            {
                OwnerScratch.MarkSlice(Store, Plan.Round, slice);
            }

            _marks[slice] = marks + 1;
        }
    }

    /// <summary>Work that had marked the slice has ended in order.</summary>
    public void UnmarkSlice(int slice)
    {
        lock (_marks)
        {
            if (--_marks[slice] == 0)
            {
                _marks.Remove(slice);
                OwnerScratch.UnmarkSlice(Store, Plan.Round, slice);
            }
        }
    }

    /// <summary>So many links are begun; <see cref="EndLink"/> follows for each.</summary>
    public void BeginLinks(int links)
    {
        if (Interlocked.Add(ref _unendedLinks, links) > FewLinks)
        {
            Publisher.TakeTime();
        }
        else
        {
            Publisher.Hurry();
        }
    }

    /// <summary>A link is not worked on any more.</summary>
    public void EndLink()
    {
        if (Interlocked.Decrement(ref _unendedLinks) == FewLinks)
        {
            Publisher.Hurry();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Publisher.DisposeAsync();
        await _sandboxedDecoding.DisposeAsync();
        await _sandboxedResizing.DisposeAsync();
    }
}
