namespace Koalarization.Harvest.Outages;

internal enum CircuitPhase
{
    /// <summary>Links are fetched.</summary>
    Closed,

    /// <summary>Nothing is fetched: hosts that should answer are probed for the first time.</summary>
    HalfOpen,

    /// <summary>Nothing is fetched: no host answered, and hosts are probed after growing pauses.</summary>
    Open,
}

/// <summary>What to do after a step: judge the settled outcomes (<c>Confirm</c>: they are final; <c>TryAgain</c>: the try does not count), or probe, now or after a pause.</summary>
internal enum CircuitAction
{
    None,
    Confirm,
    TryAgain,
    Probe,
    Wait,
}

/// <summary>The result of a probe, from worst to best. A denial (no such name, connection refused) comes from a machine that is there.</summary>
internal enum ProbeAnswer
{
    Silent,
    Denied,
    Connected,
}

/// <summary>The circuit after an event, what to do, and how many of the pending outcomes that settles, the oldest first.</summary>
internal readonly record struct CircuitStep(CircuitState State, CircuitAction Action = CircuitAction.None, int Settled = 0);
