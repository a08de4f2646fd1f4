using System.Diagnostics;
using Akka.Actor;

namespace Koalarization.FaultyHost;

/// <summary>Sends what a <see cref="DelayMeter"/> measures.</summary>
internal static class Delays
{
    /// <summary>Measures from now on, two hundred times a second, and tells of all since then every second.</summary>
    /// <param name="system">The system.</param>
    /// <param name="file">Where: count, median, 99th percentile and largest, in ms.</param>
    public static void Start(ActorSystem system, string file)
    {
        IActorRef meter = system.ActorOf(Props.Create(() => new DelayMeter(file)));
        new Thread(() => Send(system, meter)) { IsBackground = true, Priority = ThreadPriority.AboveNormal }.Start();
    }

    // From a thread of its own: a timer's would wait for threads, too.
    private static void Send(ActorSystem system, IActorRef meter)
    {
        using var pause = new ManualResetEventSlim();
        for (int i = 1; !system.WhenTerminated.IsCompleted; i++)
        {
            pause.Wait(5);
            meter.Tell(Stopwatch.GetTimestamp());
            if (i % 200 == 0)
            {
                meter.Tell(new DelayMeter.Report());
            }
        }
    }
}
