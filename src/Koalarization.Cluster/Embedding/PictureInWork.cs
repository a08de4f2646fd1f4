using System.Buffers;
using Koalarization.Dataset.Composition;

namespace Koalarization.Cluster.Embedding;

/// <summary>One picture of a request.</summary>
/// <param name="request">The request.</param>
/// <param name="index">Its index there.</param>
/// <param name="arrival">Its number, in the order in which pictures came.</param>
internal sealed class PictureInWork(RequestInWork request, int index, long arrival)
{
    /// <summary>Gray bytes of a picture.</summary>
    public const int GrayBytes = PreparedPicture.Size * PreparedPicture.Size;

    private byte[]? _gray;

    public RequestInWork Request => request;

    public int Index => index;

    public long Arrival => arrival;

    public EmbedProtocol.ImageReference Image => request.Asked.Images[index];

    /// <summary>When it was decoded.</summary>
    public TimeSpan ReadyAt { get; private set; }

    public ReadOnlySpan<byte> Gray => _gray.AsSpan(0, GrayBytes);

    /// <summary>Takes the decoded picture.</summary>
    /// <param name="gray">A pooled array, returned by <see cref="Release"/>.</param>
    /// <param name="now">When.</param>
    public void Ready(byte[] gray, TimeSpan now) => (_gray, ReadyAt) = (gray, now);

    /// <summary>Returns the pixels to their pool.</summary>
    public void Release()
    {
        if (_gray is byte[] gray)
        {
            _gray = null;
            ArrayPool<byte>.Shared.Return(gray);
        }
    }
}
