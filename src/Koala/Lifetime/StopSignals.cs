using System.Runtime.InteropServices;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Lifetime;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP: the first cancels the command, and Ctrl-C or SIGTERM once more ends the process at once; so does SIGQUIT (Ctrl-\), and a
/// command that takes longer than its timeout. They are handled until the process ends.
/// </summary>
#pragma warning disable CA1001 // It lives as long as the process.
internal sealed class StopSignals
#pragma warning restore CA1001
{
    // Wrappers pass on a Ctrl-C that the terminal has sent to the whole group already.
    private static readonly TimeSpan SameSignal = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly Action _announce;
    private readonly PosixSignalRegistration[] _registrations;
    private long _first;
    private ITimer? _deadline;

    /// <param name="timeout">How long the command may take to end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="announce">Tells the user that the command stops. It runs at once, on a thread of its own: the output may be blocked.</param>
    public StopSignals(TimeSpan timeout, TimeProvider time, Action announce)
    {
        (_timeout, _time, _announce) = (timeout, time, announce);
        _registrations = [.. All.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    private static PosixSignal[] All => [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    /// <summary>Ignores the signals: the process ends with its standard input.</summary>
    public static void Ignore() => Kept.AddRange(All.Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true)));

    private static List<PosixSignalRegistration> Kept { get; } = [];

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGQUIT)
        {
            ProcessEnd.AtOnce(ExitCode.Quit);
        }

        long first = Interlocked.CompareExchange(ref _first, _time.GetTimestamp(), 0);
        if (first == 0)
        {
            new Thread(() => _announce()) { IsBackground = true }.Start();
            _deadline = _time.CreateTimer(_ => ProcessEnd.AtOnce(ExitCode.Interrupted), state: null, _timeout, Timeout.InfiniteTimeSpan);
            _stop.Cancel();
        }
        else if (context.Signal != PosixSignal.SIGHUP && _time.GetElapsedTime(first) > SameSignal)
        {
            ProcessEnd.AtOnce(ExitCode.Interrupted);
        }
    }
}
