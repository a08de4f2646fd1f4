using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Akka.Serialization;
using Google.Protobuf;

namespace Koalarization.Cluster;

/// <summary>
/// Writes every <see cref="IWireMessage"/> as the Protocol Buffers message of its manifest:
/// <c>J…</c> jobs and nodes (jobs.proto), <c>F…</c> fetching (fetch.proto), <c>E…</c> embedding (embed.proto), <c>W…</c> writing (write.proto).
/// </summary>
/// <remarks>
/// A message of <see cref="MostBytes"/> or more, or one without a manifest, is refused where it is sent: the transport drops larger frames, and the refusal is an error line there.
/// </remarks>
internal sealed class KoalaSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The serializer's name in the configuration.</summary>
    public const string Name = "koala";

    /// <summary>Bytes that a message must have fewer than; a frame may have 128,000, the envelope included.</summary>
    public const int MostBytes = 120_000;

    /// <inheritdoc/>
    public override int Identifier => 8650;

    /// <inheritdoc/>
    public override string Manifest(object o) => EntryOf(o).Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        byte[] bytes = EntryOf(obj).ToBytes(obj);
        return bytes.Length < MostBytes
            ? bytes
            : throw new SerializationException($"{obj.GetType().Name} has {bytes.Length} bytes; a message has fewer than {MostBytes}.");
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (RetiredManifests.All.Contains(manifest))
        {
            system.Log.Info("A message '{0}' of an earlier version is passed over.", manifest);
            return new RetiredMessage(manifest);
        }

        if (!WireEntries.ByManifest.TryGetValue(manifest, out WireEntry? entry))
        {
            throw new SerializationException($"'{manifest}' is no message of this version.");
        }

        try
        {
            return entry.FromBytes(bytes);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException)
        {
            throw new SerializationException($"A message '{manifest}' cannot be read: {exception.Message}", exception);
        }
    }

    private static WireEntry EntryOf(object message) =>
        WireEntries.ByType.TryGetValue(message.GetType(), out WireEntry? entry)
            ? entry
            : throw new SerializationException($"{message.GetType()} has no manifest: it cannot be sent to another node.");
}
