using System.Text.Json.Serialization;

namespace Koalarization.Checkpoints.Sources;

/// <summary>What a URL gave when it was first used.</summary>
internal sealed record PinnedHash(string Url, string Sha256, DateTimeOffset PinnedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(PinnedHash))]
internal sealed partial class PinnedHashJson : JsonSerializerContext;
