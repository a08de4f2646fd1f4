using System.Diagnostics;
using System.Globalization;
using Akka.Actor;

namespace Koalarization.FaultyHost;

/// <summary>Measures how long messages wait for a thread of a system's default dispatcher, on which heartbeats are answered.</summary>
internal sealed class DelayMeter : ReceiveActor
{
    private readonly List<double> _milliseconds = [];
    private readonly string _file;

    public DelayMeter(string file)
    {
        _file = file;
        Receive<long>(sent => _milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds));
        Receive<Report>(_ => Tell());
    }

    private void Tell()
    {
        double[] sorted = [.. _milliseconds.Order()];
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{sorted.Length} {sorted[sorted.Length / 2]:f3} {sorted[sorted.Length * 99 / 100]:f3} {sorted[^1]:f3}");
        File.WriteAllText(_file + ".new", line);
        File.Move(_file + ".new", _file, overwrite: true);
    }

    internal sealed record Report : INoSerializationVerificationNeeded;
}
