using System.Text.Json;
using Koalarization.Koala.Node;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Tests.Node;

/// <summary>A node's log as .NET's own console writes JSON.</summary>
public sealed class JsonLogFormTests
{
    private readonly StringWriter _written = new();

    [Fact]
    public void A_line_has_level_category_message_fields_and_exception()
    {
        Report(new NodeLogLine(DateTimeOffset.UnixEpoch, "warning", "FetchNode", "Host a.example pauses 5 s", "IOException: full\n   at X", new Dictionary<string, object?> { ["host"] = "a.example", ["pause"] = 5.5, ["roles"] = new object?[] { "fetch", "write" } }));
        JsonElement line = Lines().Single();
        Assert.Equal(("Warning", "FetchNode", "Host a.example pauses 5 s"), (Text(line, "LogLevel"), Text(line, "Category"), Text(line, "Message")));
        Assert.Equal("IOException: full\n   at X", Text(line, "Exception"));
        JsonElement state = line.GetProperty("State");
        Assert.Equal(("a.example", 5.5, "fetch, write"), (Text(state, "host"), state.GetProperty("pause").GetDouble(), Text(state, "roles")));
        Assert.EndsWith("Z", Text(line, "Timestamp"), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_else_a_node_says_is_a_line_too()
    {
        Report(new Note("One.\nTwo."));
        Report(new CommandFailed("the store is not there."));
        Assert.Equal(
            [("Information", "koala", "One.\nTwo."), ("Error", "koala", "the store is not there.")],
            Lines().Select(line => (Text(line, "LogLevel"), Text(line, "Category"), Text(line, "Message"))));
    }

    [Fact]
    public void Secrets_of_URLs_are_hidden_in_message_and_fields()
    {
        const string Url = "https://user:pass@a.example/x?size=5&token=abc";
        Report(new NodeLogLine(DateTimeOffset.UnixEpoch, "information", "JobStore", $"reads {Url}", null, new Dictionary<string, object?> { ["source"] = Url }));
        Assert.DoesNotContain("pass@", _written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("abc", _written.ToString(), StringComparison.Ordinal);
        Assert.Equal("reads https://***@a.example/x?size=5&token=***", Text(Lines().Single(), "Message"));
    }

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private void Report(ReportEvent message) =>
        new LineReporter(_written, _written, json: false, TimeProvider.System) { Form = new JsonLogForm().Line }.Report(message);

    private JsonElement[] Lines() =>
        [.. _written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
