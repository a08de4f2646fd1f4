using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;

namespace Koalarization.Cluster.Coordination;

/// <summary>A record in work.</summary>
/// <param name="Work">What is in it.</param>
/// <param name="NextAt">When it is sent to its writer next.</param>
/// <param name="Writer">The node that last reported to write it.</param>
/// <param name="Embedded">Pictures that have their logits.</param>
/// <param name="Failures">Failed attempts, those apart that the store's faults ended.</param>
internal sealed record RecordAssignment(RecordWork Work, TimeSpan NextAt, NodeOwner? Writer, int Embedded, int Failures)
{
    /// <summary>The fault of the store that ended its last attempt, and when; null: none did.</summary>
    public (string Sentence, TimeSpan At)? StoreFault { get; init; }

    /// <summary>The pause before it is tried again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Failed attempts after which its job fails.</summary>
    public const int MaxFailures = 5;
}
