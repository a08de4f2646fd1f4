using Google.Protobuf;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster;

/// <summary>Between <see cref="EmbedProtocol"/> and embed.proto.</summary>
internal static class EmbedWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<EmbedImages, Wire.EmbedImages>("EI", ToWire, FromWire),
        WireEntry.Of<ImagesEmbedded, Wire.ImagesEmbedded>("EE", ToWire, FromWire),
        WireEntry.Of<EmbeddingRejected, Wire.EmbeddingRejected>("ER", ToWire, FromWire),
        WireEntry.Of<CreditWanted, Wire.CreditWanted>("EW", ToWire, FromWire),
        WireEntry.Of<CreditGranted, Wire.CreditGranted>("EG", message => new() { Credit = message.Credit.ToWire() }, wire => new(wire.Credit.FromWire())),
        WireEntry.Of<EmbedderLeaving, Wire.EmbedderLeaving>("EL", message => new() { Incarnation = message.Incarnation }, wire => new(wire.Incarnation)),
    ];

    private static Wire.EmbedImages ToWire(EmbedImages message)
    {
        var wire = new Wire.EmbedImages { Request = message.Request.ToWire(), Key = message.Key.ToWire(), Data = message.Data, FansOut = message.FansOut };
        wire.Images.AddEach(message.Images, image => new Wire.Image { Name = image.Name, Sha256 = image.Sha256 });
        return wire;
    }

    private static EmbedImages FromWire(Wire.EmbedImages wire) => new(
        wire.Request.FromWire(), wire.Key.FromWire(), wire.Data, wire.FansOut, wire.Images.Each(image => new ImageReference(image.Name, image.Sha256)));

    // The logits are copied once on each side: into the frame, and out of it.
    private static Wire.ImagesEmbedded ToWire(ImagesEmbedded message)
    {
        var wire = new Wire.ImagesEmbedded
        {
            Request = message.Request.ToWire(),
            Logits = UnsafeByteOperations.UnsafeWrap(message.Logits),
            Credit = message.Credit.ToWire(),
        };
        wire.Missing.AddRange(message.Missing);
        return wire;
    }

    private static ImagesEmbedded FromWire(Wire.ImagesEmbedded wire) => new(
        wire.Request.FromWire(), wire.Logits.Memory, [.. wire.Missing], wire.Credit.FromWire());

    private static Wire.EmbeddingRejected ToWire(EmbeddingRejected message)
    {
        var wire = new Wire.EmbeddingRejected { Request = message.Request.ToWire(), Reason = (int)message.Reason, Credit = message.Credit.ToWire() };
        if (message.Detail is string detail)
        {
            wire.Detail = WireText.Cut(detail, EmbeddingRejected.MostDetailBytes);
        }

        return wire;
    }

    private static EmbeddingRejected FromWire(Wire.EmbeddingRejected wire) => new(
        wire.Request.FromWire(), (RejectionReason)wire.Reason, wire.HasDetail ? wire.Detail : null, wire.Credit.FromWire());

    private static Wire.CreditWanted ToWire(CreditWanted message)
    {
        var wire = new Wire.CreditWanted { Client = message.Client };
        wire.Wanted.AddEach(message.Wanted, demand => new Wire.ClientDemand { Key = demand.Key.ToWire(), Images = demand.Images });
        return wire;
    }

    private static CreditWanted FromWire(Wire.CreditWanted wire) => new(
        wire.Client, wire.Wanted.Each(demand => new ClientDemand(demand.Key.FromWire(), demand.Images)));

    private static Wire.Request ToWire(this RequestId request) => new() { Client = request.Client, Number = request.Number };

    private static RequestId FromWire(this Wire.Request request) => new(request.Client, request.Number);

    private static Wire.Credit ToWire(this Credit credit) => new()
    {
        Incarnation = credit.Incarnation,
        Sequence = credit.Sequence,
        Key = credit.Key?.ToWire(),
        Slots = credit.Slots,
        ImagesPerSecond = credit.ImagesPerSecond,
        Queued = credit.Queued,
    };

    private static Credit FromWire(this Wire.Credit wire) =>
        new(wire.Incarnation, wire.Sequence, wire.Key?.FromWire(), wire.Slots, wire.ImagesPerSecond, wire.Queued);
}
