namespace Koalarization.Cluster.Control;

/// <summary>The cluster did not do what a user asked for.</summary>
/// <param name="error">Why.</param>
/// <param name="sentence">Why, and what to do, in one sentence.</param>
internal sealed class ControlException(ControlError error, string sentence) : Exception(sentence)
{
    public ControlError Error { get; } = error;
}
