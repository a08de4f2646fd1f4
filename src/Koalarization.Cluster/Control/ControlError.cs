namespace Koalarization.Cluster.Control;

/// <summary>Why the cluster did not do what a user asked for.</summary>
internal enum ControlError
{
    /// <summary>The request is invalid.</summary>
    Invalid,

    /// <summary>There is no such job or node.</summary>
    NotFound,

    /// <summary>The request is valid, and conflicts with the state of the job or node.</summary>
    Conflict,

    /// <summary>The coordinator does not answer: the request may be repeated in a while.</summary>
    Unavailable,
}
