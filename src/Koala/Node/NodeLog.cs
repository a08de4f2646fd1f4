using System.Threading.Channels;
using Koalarization.Koala.Reporting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Node;

/// <summary>
/// Passes a node's log lines to its reporter, on its own task: logging never waits for output. When output is blocked for long, the oldest lines are
/// dropped.
/// </summary>
internal sealed class NodeLog : ILoggerProvider, IAsyncDisposable
{
    private const int LinesInMemory = 10_000;

    private readonly TimeProvider _time;
    private readonly Channel<NodeLogLine> _lines =
        Channel.CreateBounded<NodeLogLine>(new BoundedChannelOptions(LinesInMemory) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Task _reporting;

    public NodeLog(IReporter reporter, TimeProvider time)
    {
        _time = time;
        _reporting = Task.Run(() => ReportAsync(reporter));
    }

    /// <summary>Creates a factory of loggers that write to a log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="debug">Whether debug lines are logged, also those of Akka and ASP.NET Core.</param>
    public static ILoggerFactory Factory(NodeLog log, bool debug) => LoggerFactory.Create(logging =>
    {
        logging.AddProvider(log).SetMinimumLevel(debug ? LogLevel.Debug : LogLevel.Information);
        if (!debug)
        {
            logging.AddFilter("Akka", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning);
        }
    });

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    // The factory disposes its providers; lines logged after that are still reported.
    public void Dispose()
    {
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _reporting;
    }

    private async Task ReportAsync(IReporter reporter)
    {
        await foreach (NodeLogLine line in _lines.Reader.ReadAllAsync())
        {
            try
            {
                reporter.Report(line);
            }
            catch (IOException)
            {
                // The output is closed; the node continues.
            }
        }
    }

    private sealed class Logger(NodeLog log, string source) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._lines.Writer.TryWrite(new NodeLogLine(
                log._time.GetUtcNow(), logLevel.ToString().ToLowerInvariant(), source, formatter(state, exception), exception?.ToString(), LogFields.Of(state)));
    }
}
