namespace Koalarization.Dataset.Splitting;

/// <summary>A record got its name in the other set.</summary>
/// <param name="Record">The record's number.</param>
/// <param name="IsValidation">Whether it is for validation now.</param>
/// <param name="Healed">Whether it had both names, as a split that was killed leaves it.</param>
public sealed record RecordMove(int Record, bool IsValidation, bool Healed);
