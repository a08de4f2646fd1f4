namespace Koalarization.Dataset.Storage;

/// <summary>How long groups of files took until they were durable and named.</summary>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="Longest">The slowest one.</param>
public sealed record GroupTimes(TimeSpan Median, TimeSpan Longest);
