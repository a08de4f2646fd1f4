using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>What a coordinator asked of its desk.</summary>
internal enum DeskWork
{
    Load,
    Enter,
    Open,
    FixNetwork,
    LookAtEpoch,
    RemoveOthers,
    Close,
}

/// <summary>A desk's work came to an end.</summary>
/// <param name="Job">The job; nothing for the work on all of them.</param>
/// <param name="Work">What was asked for.</param>
/// <param name="Number">The number of the job's entry for which it was: it says nothing about a later one.</param>
/// <param name="Result">What came out; null when it failed.</param>
/// <param name="Failure">Why it failed.</param>
internal sealed record DeskAnswer(JobId Job, DeskWork Work, int Number, object? Result, Exception? Failure) : INoSerializationVerificationNeeded;
