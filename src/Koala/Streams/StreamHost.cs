using Akka.Actor;
using Akka.Configuration;
using Akka.Streams;

namespace Koalarization.Koala.Streams;

/// <summary>Runs the Akka.Streams graphs of one command.</summary>
internal sealed class StreamHost : IAsyncDisposable
{
    // A graph's failure ends its command with one sentence; Akka's log lines would mix with the results.
    private const string Settings =
        """
        akka {
          loglevel = OFF
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.exit-clr = off
        }
        """;

    private readonly ActorSystem _system = ActorSystem.Create("koala", ConfigurationFactory.ParseString(Settings));

    public StreamHost() => Materializer = _system.Materializer();

    public IMaterializer Materializer { get; }

    public async ValueTask DisposeAsync() => await _system.Terminate();
}
