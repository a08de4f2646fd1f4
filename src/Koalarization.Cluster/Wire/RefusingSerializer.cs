using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Koalarization.Cluster.Wire;

/// <summary>
/// Replaces Akka's fallback serializer, so that a message without a schema is an error and not JSON; and the serializers that would build
/// whatever type a message names, so that another process can plant nothing.
/// </summary>
internal sealed class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>For the serializers that have settings.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : this(system) => _ = settings;

    /// <summary>The serializer's name in the configuration.</summary>
    public const string Name = "refusing";

    /// <inheritdoc/>
    public override int Identifier => 8651;

    /// <inheritdoc/>
    public override bool IncludeManifest => true;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} is no message between nodes.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException($"{type} is no message between nodes.");
}
