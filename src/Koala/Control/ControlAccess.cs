namespace Koalarization.Koala.Control;

/// <summary>What a request to a control node may do.</summary>
internal enum ControlAccess
{
    /// <summary>Nothing: it has no token.</summary>
    None,

    /// <summary>Nothing: its token is none of this node's.</summary>
    Unknown,

    /// <summary>Look.</summary>
    Look,

    /// <summary>Everything.</summary>
    Command,
}
