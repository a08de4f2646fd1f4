using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// Passes on what Akka logs, under the name of the class that logs it, without what it puts before each line. That a connection is lost is logged by the node itself,
/// in a line for each member; here it would be one a second.
/// </summary>
internal sealed partial class SystemLogger : LoggerFactoryLogger
{
    // A lost connection, from whichever class. The proxy says "after 30 seconds" also when it starts; the node logs itself when no coordinator answers.
    private static readonly HashSet<string> OfConnections =
        new(StringComparer.Ordinal) { nameof(ClusterSingletonProxy), "ReliableDeliverySupervisor", "JoinSeedNodeProcess", "ClusterCoreDaemon", "remoting" };

    private const string NotForThisNode = "for non-local recipient";

    private static readonly TimeSpan BetweenNames = TimeSpan.FromMinutes(1);

    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;
    private TimeSpan? _named;

    /// <inheritdoc/>
    protected override void Log(LogEvent log, ActorPath path)
    {
        if (RecipientOf(log) is string name)
        {
            LogOtherName(name);
            return;
        }

        string source = NameOf(log);
        Level level = OfConnections.Contains(source) || IsOfConnections(log.Cause) ? Level.Debug : LevelOf(log.LogLevel());
        ILogger logger = _loggers.CreateLogger("Akka." + source);
        if (logger.IsEnabled(level))
        {
            logger.Log(level, default, log, log.Cause, static (record, _) => record.Message?.ToString() ?? "");
        }
    }

    // The name that a message was for, where it is another one than the node's: each time that another node asks to join.
    private static string? RecipientOf(LogEvent log) =>
        log.LogClass?.Name == "EndpointWriter" && log.Message?.ToString() is string text && text.IndexOf(NotForThisNode, StringComparison.Ordinal) is >= 0 and int at
            ? text[(at + NotForThisNode.Length)..].Split(']')[0]
            : null;

    private void LogOtherName(string recipient)
    {
        TimeSpan now = Context.System.Scheduler.MonotonicClock;
        if (_named is null || now - _named > BetweenNames)
        {
            _named = now;
            Address own = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress;
            ILogger logger = _loggers.CreateLogger("Akka.Remote");
            if (recipient.Contains($"://{own.System}@", StringComparison.Ordinal))
            {
                OtherName(logger, $"{own.Host}:{own.Port}");
            }
            else
            {
                OtherStore(logger, own.System);
            }
        }
    }

    [LoggerMessage(Level = Level.Warning, Message = "Another node asks for this one by another name, and gets no answer; its --seed needs the name that this node goes by: {Name}")]
    private static partial void OtherName(ILogger logger, string name);

    [LoggerMessage(Level = Level.Warning, Message = "A node of another store, or of an earlier version, asks for this one and gets no answer: this store's nodes are {System}")]
    private static partial void OtherStore(ILogger logger, string system);

    // Akka has a placeholder class for log sources given as text; the text may have the system's name behind it.
    private static string NameOf(LogEvent log) =>
        log.LogClass is { } type && type != typeof(DummyClassForStringSources) ? type.Name : log.LogSource.Split('(')[0].Trim();

    // Their types are Akka's own affair.
    private static bool IsOfConnections(Exception? cause) =>
        cause?.GetType() is { Namespace: "Akka.Remote" } type
            && (type.Name.StartsWith("Endpoint", StringComparison.Ordinal) || type.Name.EndsWith("Association", StringComparison.Ordinal));

    private static Level LevelOf(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => Level.Debug,
        Akka.Event.LogLevel.InfoLevel => Level.Information,
        Akka.Event.LogLevel.WarningLevel => Level.Warning,
        _ => Level.Error,
    };
}
