namespace Koalarization.Pipeline.Jobs;

/// <summary>A job cannot be begun or gone on with, for a reason that a user can mend.</summary>
/// <param name="sentence">Why, and what to do.</param>
/// <param name="cause">What it was found out by.</param>
public sealed class JobRefusedException(string sentence, Exception? cause = null) : Exception(sentence, cause);
