using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>A record that is to be written.</summary>
/// <param name="Work">What is in it.</param>
/// <param name="NextAt">When its writer is told again.</param>
/// <param name="Writer">Who said last that it writes it.</param>
/// <param name="Embedded">Pictures that have their logits.</param>
/// <param name="Failures">How often it could not be written.</param>
internal sealed record RecordAssignment(RecordWork Work, TimeSpan NextAt, NodeOwner? Writer, int Embedded, int Failures)
{
    /// <summary>After how long it is tried again.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    /// <summary>Failures after which its job cannot go on.</summary>
    public const int MostFailures = 5;
}
