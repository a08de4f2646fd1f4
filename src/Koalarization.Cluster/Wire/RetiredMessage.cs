using Akka.Actor;

namespace Koalarization.Cluster.Wire;

/// <summary>What a message of an earlier version is read as: no actor handles it.</summary>
/// <param name="Manifest">Its manifest.</param>
internal sealed record RetiredMessage(string Manifest) : INoSerializationVerificationNeeded;
