using Akka.Actor;
using Koalarization.Dataset;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>What the actors of one fetch node say to each other. Nothing of it leaves the process.</summary>
internal static class LinkProtocol
{
    /// <summary>
    /// Fetch a link to its final outcome, to the downloader. Its task is the answer, so that a link that waits costs no actor and no timer: done with the
    /// outcome, which is then the asker's to dispose; cancelled, when the asker gave it up; failed, when it can be judged neither way.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="source">Where its host's places come from.</param>
    /// <param name="progress">Told when the link waits.</param>
    /// <param name="cancellation">Gives it up.</param>
    public sealed class FetchLink(Link link, IPlaceSource source, SliceProgress progress, CancellationToken cancellation)
        : TaskCompletionSource<HarvestedLink>(TaskCreationOptions.RunContinuationsAsynchronously), INoSerializationVerificationNeeded
    {
        public Link Link => link;

        public IPlaceSource Source => source;

        public SliceProgress Progress => progress;

        public CancellationToken Cancellation => cancellation;
    }

    /// <summary>A try's outcome is final, from a fetch actor to the downloader.</summary>
    public sealed record LinkFetched(LinkTry Try, FetchOutcome Outcome) : INoSerializationVerificationNeeded;

    /// <summary>The network failed, not the link, or the permit expired: the try does not count.</summary>
    public sealed record TryNotCounted(LinkTry Try) : INoSerializationVerificationNeeded;

    /// <summary>The asker gave the link up.</summary>
    public sealed record LinkGivenUp(LinkTry Try) : INoSerializationVerificationNeeded;

    /// <summary>A slice's manifest stands, from its slice actor to the node.</summary>
    public sealed record SliceDone(SliceId Slice, SliceSummary Summary) : INoSerializationVerificationNeeded;

    /// <summary>A slice is not gone on with, from its slice actor to the node.</summary>
    /// <param name="Slice">Which.</param>
    /// <param name="Ended">Links that need not be fetched again.</param>
    /// <param name="Fault">Why, in one sentence; null when the node wanted it so.</param>
    public sealed record SliceGivenUp(SliceId Slice, IReadOnlyList<FetchProtocol.EndedLink> Ended, string? Fault) : INoSerializationVerificationNeeded;

    /// <summary>Do not go on, to a slice actor. → <see cref="SliceGivenUp"/>, or <see cref="SliceDone"/> when it is about to be.</summary>
    public sealed record GiveUpSlice : INoSerializationVerificationNeeded
    {
        public static GiveUpSlice Instance { get; } = new();
    }

    /// <summary>Take no more slices, end what can be ended, hand the rest back, to the node. → <see cref="NodeIsEmpty"/>.</summary>
    public sealed record EmptyNode : INoSerializationVerificationNeeded
    {
        public static EmptyNode Instance { get; } = new();
    }

    /// <summary>The node holds nothing any more.</summary>
    public sealed record NodeIsEmpty : INoSerializationVerificationNeeded
    {
        public static NodeIsEmpty Instance { get; } = new();
    }
}
