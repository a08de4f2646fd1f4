using Koalarization.Dataset;
using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>What all slices of one round on this node share. Thread-safe; made and disposed of off the actors' threads.</summary>
internal sealed class RoundInWork : IAsyncDisposable
{
    // Originals come with their resized pictures: with fewer links no group fills itself.
    private const int FewLinks = GroupPublisher.FilesInGroup;

    private readonly Lazy<ChildFitter> _careful;
    private int _unended;

    /// <param name="node">The node.</param>
    /// <param name="resizers">Its resizers.</param>
    /// <param name="data">The data set's folder, relative to the store.</param>
    /// <param name="round">The round.</param>
    /// <param name="onlyFetched">Whether pictures are not resized.</param>
    /// <exception cref="InvalidDataException">There is no such round, or it is damaged.</exception>
    public RoundInWork(NodeParts node, ResizeQueue resizers, string data, int round, bool onlyFetched)
    {
        Store = node.Stores.ToWrite(data, round);
        Job = JobParameters.Find(Store) ?? throw new InvalidDataException($"{Store.PathOf(DataLayout.Job)} is missing.");
        Plan = RoundPlan.Find(Store, round) ?? throw new InvalidDataException($"{Store.PathOf(DataLayout.PlanIndex(round))} is missing.");
        PictureSize? size = onlyFetched ? null : new PictureSize(Job.Width, Job.Height);
        Fitter = new ResizerFitter(resizers, new CoreFitter(node.Codec, size, node.MaxPixels, parallel: 1));
        _careful = new Lazy<ChildFitter>(() => new ChildFitter(size, node.MaxPixels));
        Publisher = new GroupPublisher(Store, node.Time);
    }

    public FileDataStore Store { get; }

    public JobParameters Job { get; }

    public RoundPlan Plan { get; }

    public GroupPublisher Publisher { get; }

    /// <summary>Fits pictures on the node's resizers.</summary>
    public IPictureFitter Fitter { get; }

    /// <summary>Fits pictures in a process of its own, which they may kill.</summary>
    public IPictureFitter CarefulFitter => _careful.Value;

    /// <summary>A slice's links are begun.</summary>
    public void Begun(int links)
    {
        if (Interlocked.Add(ref _unended, links) > FewLinks)
        {
            Publisher.TakeTime();
        }
        else
        {
            Publisher.Hurry();
        }
    }

    /// <summary>So many links are not worked on any more.</summary>
    public void Ended(int links)
    {
        int left = Interlocked.Add(ref _unended, -links);
        if (left <= FewLinks && left + links > FewLinks)
        {
            Publisher.Hurry();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Publisher.DisposeAsync();
        if (_careful.IsValueCreated)
        {
            await _careful.Value.DisposeAsync();
        }
    }
}
