namespace Koalarization.Harvest;

/// <summary>Where the alarm is.</summary>
public enum AlarmPhase
{
    /// <summary>Links are fetched.</summary>
    Watching,

    /// <summary>Nothing new is fetched: hosts that should answer are being probed for the first time.</summary>
    Judging,

    /// <summary>Nothing is fetched: none of them answered, and they are probed again and again.</summary>
    Waiting,
}

/// <summary>What looks broken.</summary>
public enum NetworkFault
{
    /// <summary>Names cannot be looked up.</summary>
    Names,

    /// <summary>Nothing can be connected to.</summary>
    Connections,
}

/// <summary>What follows from a step of the alarm.</summary>
public enum AlarmAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Open outcomes stand (<see cref="AlarmStep.Settled"/>): it is the links that are dead.</summary>
    Confirm,

    /// <summary>Probe <see cref="AlarmState.Targets"/> now, and tell <see cref="AlarmState.Probed"/>.</summary>
    Probe,

    /// <summary>Wait for <see cref="AlarmState.Pause"/>, probe <see cref="AlarmState.Targets"/> and some hosts of open links, and tell.</summary>
    Wait,

    /// <summary>The network is back: the open links are tried again, and the try that failed does not count.</summary>
    TryAgain,
}

/// <summary>The alarm after something happened, and what to do now.</summary>
/// <param name="State">The alarm.</param>
/// <param name="Action">What to do.</param>
/// <param name="Settled">How many of the open outcomes it settles, the oldest.</param>
public readonly record struct AlarmStep(AlarmState State, AlarmAction Action, int Settled)
{
    internal static AlarmStep To(AlarmState state, AlarmAction action = AlarmAction.None) => new(state, action, Settled: 0);
}

/// <summary>What a probe came to.</summary>
public enum ProbeAnswer
{
    /// <summary>Nothing came back, or nothing that can be relied on.</summary>
    Silent,

    /// <summary>Somebody said no: there is no such name, or the connection was refused.</summary>
    Denied,

    /// <summary>A connection stood.</summary>
    Connected,
}
