namespace Koalarization.Cluster;

/// <summary>A job cannot be begun or gone on with, for a reason that a user can mend.</summary>
/// <param name="sentence">Why, and what to do.</param>
public sealed class JobRefusedException(string sentence) : Exception(sentence);
