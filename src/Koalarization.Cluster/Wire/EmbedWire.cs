using Google.Protobuf;
using Koalarization.Cluster.Embedding;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Wire;

/// <summary>Between <see cref="EmbedProtocol"/> and embed.proto.</summary>
internal static class EmbedWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<EmbedImages, Proto.EmbedImages>("EI", ToWire, FromWire),
        WireEntry.Of<ImagesEmbedded, Proto.ImagesEmbedded>("EE", ToWire, FromWire),
        WireEntry.Of<EmbeddingRejected, Proto.EmbeddingRejected>("ER", ToWire, FromWire),
        WireEntry.Of<WindowAnnounced, Proto.WindowAnnounced>("EG", message => new() { Window = message.Window.ToWire() }, wire => new(wire.Window.FromWire())),
    ];

    private static Proto.EmbedImages ToWire(EmbedImages message)
    {
        var wire = new Proto.EmbedImages { Request = message.Request.ToWire(), Key = message.Key.ToWire(), Data = message.Data, FansOut = message.FansOut };
        wire.Images.AddEach(message.Images, image => new Proto.Image { Name = image.Name, Sha256 = image.Sha256 });
        return wire;
    }

    private static EmbedImages FromWire(Proto.EmbedImages wire) => new(
        wire.Request.FromWire(), wire.Key.FromWire(), DataPath.Checked(wire.Data), wire.FansOut,
        wire.Images.Each(image => new ImageReference(DataPath.CheckedPicture(image.Name), image.Sha256)));

    // The logits are copied once on each side: into the frame, and out of it.
    private static Proto.ImagesEmbedded ToWire(ImagesEmbedded message)
    {
        var wire = new Proto.ImagesEmbedded
        {
            Request = message.Request.ToWire(),
            Logits = UnsafeByteOperations.UnsafeWrap(message.Logits),
            Window = message.Window.ToWire(),
        };
        wire.Undecodable.AddRange(message.Undecodable);
        return wire;
    }

    private static ImagesEmbedded FromWire(Proto.ImagesEmbedded wire) => new(
        wire.Request.FromWire(), wire.Logits.Memory, [.. wire.Undecodable], wire.Window.FromWire());

    private static Proto.EmbeddingRejected ToWire(EmbeddingRejected message)
    {
        var wire = new Proto.EmbeddingRejected { Request = message.Request.ToWire(), Reason = (int)message.Reason, Window = message.Window.ToWire() };
        if (message.Detail is string detail)
        {
            wire.Detail = WireText.Cut(detail, EmbeddingRejected.MaxDetailBytes);
        }

        return wire;
    }

    private static EmbeddingRejected FromWire(Proto.EmbeddingRejected wire) => new(
        wire.Request.FromWire(), wire.Reason.As<RejectionReason>(), wire.HasDetail ? wire.Detail : null, wire.Window.FromWire());

    private static Proto.Request ToWire(this RequestId request) => new() { Client = request.Client, Number = request.Number };

    private static RequestId FromWire(this Proto.Request? request) => new(request.Required().Client, request.Number);

    private static Proto.Window ToWire(this EmbedWindow window) => new()
    {
        Incarnation = window.Incarnation,
        Sequence = window.Sequence,
        Key = window.Key?.ToWire(),
        Images = window.Images,
        ImagesPerSecond = window.ImagesPerSecond,
        Queued = window.Queued,
    };

    private static EmbedWindow FromWire(this Proto.Window? wire) =>
        new(wire.Required().Incarnation, wire.Sequence, wire.Key?.FromWire(), wire.Images.Count(), wire.ImagesPerSecond, wire.Queued.Count());
}
