using Koalarization.Inception.Devices;

namespace Koalarization.Inception;

/// <summary>What computes logits. Two embedders of one identity on one machine give the same bits.</summary>
/// <param name="Weights">The checkpoint's SHA-256 in lower-case hexadecimal digits, <c>random:SEED</c>, or <c>simulated</c>.</param>
/// <param name="IsRandom">The weights are made up: good for trying, not for a data set.</param>
/// <param name="Precision">The numbers that the network computes with.</param>
/// <param name="Device"><c>cpu</c>, <c>cuda:0</c> or <c>simulated</c>.</param>
/// <param name="NetworkVersion">Changes whenever the same weights would give other bits.</param>
public sealed record EmbedderIdentity(string Weights, bool IsRandom, EmbedPrecision Precision, string Device, string NetworkVersion);
