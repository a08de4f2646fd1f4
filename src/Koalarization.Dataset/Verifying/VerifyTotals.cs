namespace Koalarization.Dataset.Verifying;

/// <summary>What was looked at.</summary>
/// <param name="Records">Records.</param>
/// <param name="Pictures">Pictures in them, as far as they could be read; with a quick look, as their manifests say.</param>
/// <param name="Originals">Originals that rows name.</param>
/// <param name="Resized">Resized pictures that rows name.</param>
/// <param name="Problems">Findings that are wrong.</param>
/// <param name="Notes">Findings that are worth knowing.</param>
public sealed record VerifyTotals(long Records, long Pictures, long Originals, long Resized, long Problems, long Notes);
