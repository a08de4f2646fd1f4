using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Tls;

/// <summary>
/// Logs whose connections are refused. One who tries again and again does not fill the log: each reason is given once a minute, and so many lines in a minute at
/// most. Thread-safe.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="time">The clock.</param>
internal sealed partial class RefusalLog(ILogger log, TimeProvider time)
{
    private const int LinesAMinute = 20;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private long _since = time.GetTimestamp();

    /// <summary>Another process that called this one is refused.</summary>
    /// <param name="caller">Its socket's address.</param>
    /// <param name="fault">Why.</param>
    public void Caller(string caller, string fault)
    {
        if (IsDue(fault))
        {
            Refused(log, caller, fault);
        }
    }

    /// <summary>Another node that this one called is refused.</summary>
    /// <param name="called">The name that was called.</param>
    /// <param name="fault">Why.</param>
    public void Called(string called, string fault)
    {
        if (IsDue($"{called} {fault}"))
        {
            NotCalled(log, called, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Caller} asks to come in and is refused: {Fault}")]
    private static partial void Refused(ILogger log, string caller, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Called} is not spoken to: {Fault}")]
    private static partial void NotCalled(ILogger log, string called, string fault);

    private bool IsDue(string line)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= Minute)
            {
                _named.Clear();
                _since = time.GetTimestamp();
            }

            return _named.Count < LinesAMinute && _named.Add(line);
        }
    }
}
