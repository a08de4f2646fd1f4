namespace Koalarization.Inception.Tests;

/// <summary>Tests that run libtorch come one after the other: each takes all cores and up to a gigabyte.</summary>
[CollectionDefinition(Name)]
public sealed class TorchCollection : ICollectionFixture<GoldenWeights>
{
    public const string Name = "libtorch";
}
