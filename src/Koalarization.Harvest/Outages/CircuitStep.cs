namespace Koalarization.Harvest;

/// <summary>Whether links are fetched.</summary>
public enum CircuitPhase
{
    /// <summary>Links are fetched.</summary>
    Closed,

    /// <summary>Nothing is fetched: hosts that should answer are probed for the first time.</summary>
    HalfOpen,

    /// <summary>Nothing is fetched: no host answered, and hosts are probed after growing pauses.</summary>
    Open,
}

/// <summary>What looks broken.</summary>
public enum NetworkFault
{
    /// <summary>Names cannot be looked up.</summary>
    Names,

    /// <summary>Nothing can be connected to.</summary>
    Connections,
}

/// <summary>What to do after a step of the circuit.</summary>
public enum CircuitAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The settled outcomes stand: the links are dead.</summary>
    Confirm,

    /// <summary>Probe <see cref="CircuitState.Targets"/> now, then call <see cref="CircuitState.Probed"/>.</summary>
    Probe,

    /// <summary>Wait for <see cref="CircuitState.Pause"/>, probe <see cref="CircuitState.Targets"/> and hosts of links, then call <see cref="CircuitState.Probed"/>.</summary>
    Wait,

    /// <summary>The network is back: the settled links are tried again, and the try that failed does not count.</summary>
    TryAgain,
}

/// <summary>The circuit after an event, and what to do.</summary>
/// <param name="State">The circuit.</param>
/// <param name="Action">What to do.</param>
/// <param name="Settled">How many of the pending outcomes are settled, the oldest first.</param>
public readonly record struct CircuitStep(CircuitState State, CircuitAction Action, int Settled)
{
    internal static CircuitStep To(CircuitState state, CircuitAction action = CircuitAction.None) => new(state, action, Settled: 0);
}
