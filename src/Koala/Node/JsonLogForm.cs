using System.Collections.ObjectModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using Koalarization.Koala.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Koalarization.Koala.Node;

/// <summary>Lines of a log as .NET's own console writes them in JSON: <c>Timestamp</c> (UTC), <c>LogLevel</c>, <c>Category</c>, <c>Message</c>, <c>Exception</c>, <c>State</c>.</summary>
internal sealed class JsonLogForm
{
    private const string Program = "koala";

    private readonly ConsoleFormatter _formatter;

    public JsonLogForm()
    {
        // The formatter cannot be made but by the services that logging to the console has. A URL's & stays as it is, so that what is secret behind it is found.
        ServiceProvider services = new ServiceCollection()
            .AddLogging(logging => logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                json.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            }))
            .BuildServiceProvider();
        _formatter = services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == ConsoleFormatterNames.Json);
    }

    /// <summary>An event as one line.</summary>
    public string Line(ReportEvent message)
    {
        using var text = new StringWriter();
        (LogLevel level, string category, string sentence, Exception? exception, IReadOnlyDictionary<string, object?>? fields) = message switch
        {
            NodeLogLine line => (Enum.Parse<LogLevel>(line.Level, ignoreCase: true), line.Source, line.Message, line.Exception is null ? null : new WrittenException(line.Exception), line.Fields),
            CommandFailed failed => (LogLevel.Error, Program, failed.Error, null, null),
            _ => (LogLevel.Information, Program, message.Sentence, (Exception?)null, (IReadOnlyDictionary<string, object?>?)null),
        };
        var entry = new LogEntry<Values?>(level, category, default, fields is null ? null : new Values(fields, sentence), exception, (_, _) => sentence);
        _formatter.Write(entry, scopeProvider: null, text);
        return text.ToString().TrimEnd();
    }

    // What is written as the line's state. The formatter knows no lists.
    private sealed class Values(IReadOnlyDictionary<string, object?> fields, string sentence) : ReadOnlyCollection<KeyValuePair<string, object?>>(
        [.. fields.Select(field => KeyValuePair.Create<string, object?>(field.Key, field.Value is object?[] items ? string.Join(", ", items) : field.Value))])
    {
        public override string ToString() => sentence;
    }

    // An exception that is known by its text alone.
    private sealed class WrittenException(string text) : Exception
    {
        public override string ToString() => text;
    }
}
