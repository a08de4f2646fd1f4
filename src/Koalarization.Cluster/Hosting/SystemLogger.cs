using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>Passes on what Akka logs, under the name of the class that says it, without what it puts before each line.</summary>
internal sealed class SystemLogger : LoggerFactoryLogger
{
    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;

    /// <inheritdoc/>
    protected override void Log(LogEvent log, ActorPath path)
    {
        // It says "after 30 seconds" when it starts, too. The node tells itself when no coordinator answers.
        if (log.LogClass != typeof(ClusterSingletonProxy))
        {
            Write(_loggers.CreateLogger($"Akka.{log.LogClass?.Name ?? log.LogSource}"), log);
        }
    }

    private static void Write(ILogger logger, LogEvent log)
    {
        Microsoft.Extensions.Logging.LogLevel level = LevelOf(log.LogLevel());
        if (logger.IsEnabled(level))
        {
            logger.Log(level, default, log, log.Cause, static (said, _) => said.Message?.ToString() ?? "");
        }
    }

    private static Microsoft.Extensions.Logging.LogLevel LevelOf(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => Microsoft.Extensions.Logging.LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => Microsoft.Extensions.Logging.LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => Microsoft.Extensions.Logging.LogLevel.Warning,
        _ => Microsoft.Extensions.Logging.LogLevel.Error,
    };
}
