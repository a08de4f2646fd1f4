using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace Koalarization.Cluster.Hosting;

/// <summary>Passes on what Akka logs, under the name of the class that logs it, as far as <see cref="SystemLines"/> lets it.</summary>
internal sealed partial class SystemLogger : LoggerFactoryLogger
{
    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;
    private readonly SystemLines _lines = new(Context.System.Name);

    /// <inheritdoc/>
    protected override void Log(LogEvent log, ActorPath path)
    {
        string name = NameOf(log), text = log.Message?.ToString() ?? "";
        Level own = IsOfConnections(log.Cause) ? Level.Debug : LevelOf(log.LogLevel());

        // A message that cannot be sent is a fault of this program and no matter of connections.
        (Level level, string? sentence) = log.Cause is SerializationException ? (own, null) : _lines.Of(name, own, text, Context.System.Scheduler.MonotonicClock);
        if (sentence is not null)
        {
            Translated(_loggers.CreateLogger("Koalarization." + SystemLines.Source), sentence);
        }

        ILogger logger = _loggers.CreateLogger("Akka." + name);
        if (logger.IsEnabled(level))
        {
            logger.Log(level, default, level == Level.Debug ? text : SystemLines.Shortened(text), log.Cause, static (line, _) => line);
        }
    }

    [LoggerMessage(Level = Level.Warning, Message = "{Sentence}")]
    private static partial void Translated(ILogger logger, string sentence);

    // Akka has a placeholder class for log sources given as text; the text may have the system's name behind it.
    private static string NameOf(LogEvent log) =>
        log.LogClass is { } type && type != typeof(DummyClassForStringSources) ? type.Name : log.LogSource.Split('(')[0].Trim();

    // Their types are Akka's own affair.
    private static bool IsOfConnections(Exception? cause) =>
        cause?.GetType() is { Namespace: string space } type && space.StartsWith("Akka.Remote", StringComparison.Ordinal)
            && (type.Name.StartsWith("Endpoint", StringComparison.Ordinal) || type.Name.EndsWith("Association", StringComparison.Ordinal) || type.Name == "AkkaProtocolException");

    private static Level LevelOf(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => Level.Debug,
        Akka.Event.LogLevel.InfoLevel => Level.Information,
        Akka.Event.LogLevel.WarningLevel => Level.Warning,
        _ => Level.Error,
    };
}
