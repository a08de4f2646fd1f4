using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Akka.Serialization;

namespace Koalarization.Cluster.Wire;

/// <summary>
/// Writes every <see cref="IWireMessage"/> as the Protocol Buffers message of its manifest:
/// <c>J…</c> jobs and nodes (jobs.proto), <c>F…</c> fetching (fetch.proto), <c>E…</c> embedding (embed.proto), <c>W…</c> writing (write.proto).
/// </summary>
/// <remarks>
/// A message of <see cref="MaxBytes"/> or more, or one without a manifest, is refused where it is sent: the transport drops larger frames, and the refusal is an error line there.
/// </remarks>
internal sealed class KoalaSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private ILoggingAdapter? _log;

    /// <summary>The serializer's name in the configuration.</summary>
    public const string Name = "koala";

    /// <summary>Bytes that a message must have fewer than; a frame may have 128,000, the envelope included.</summary>
    public const int MaxBytes = 120_000;

    /// <inheritdoc/>
    public override int Identifier => 8650;

    /// <inheritdoc/>
    public override string Manifest(object o) => EntryOf(o).Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        byte[] bytes = EntryOf(obj).ToBytes(obj);
        return bytes.Length < MaxBytes
            ? bytes
            : throw new SerializationException($"{obj.GetType().Name} has {bytes.Length} bytes; a message has fewer than {MaxBytes}.");
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (WireEntries.RetiredManifests.Contains(manifest))
        {
            Log.Info("A message {0} of an earlier version is ignored", manifest);
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
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new SerializationException($"A message '{manifest}' cannot be read: {exception.Message}", exception);
        }
    }

    // Not made before it is needed: serializers are made while the actor system is.
    private ILoggingAdapter Log => _log ??= Logging.GetLogger(system, this);

    private static WireEntry EntryOf(object message) =>
        WireEntries.ByType.TryGetValue(message.GetType(), out WireEntry? entry)
            ? entry
            : throw new SerializationException($"{message.GetType()} has no manifest: it cannot be sent to another node.");
}
