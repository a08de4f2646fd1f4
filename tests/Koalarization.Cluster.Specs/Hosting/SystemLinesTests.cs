using Koalarization.Cluster.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>What an operator sees of the actor system's own log; its texts are those of Akka.NET 1.5.</summary>
public sealed class SystemLinesTests
{
    private readonly SystemLines _lines = new("koala-one");

    [Fact]
    public void A_late_heartbeat_is_told_in_our_words_and_once_a_minute()
    {
        const string Delayed = "Cluster Node [akka.tcp://koala@a:1] - Scheduled sending of heartbeat was delayed. Previous heartbeat was sent [3232.0011] ms ago";
        (LogLevel level, string? sentence) = At(0, "ClusterHeartbeatSender", LogLevel.Warning, Delayed);
        Assert.Equal(LogLevel.Debug, level);
        Assert.StartsWith("This machine is too busy", sentence, StringComparison.Ordinal);
        Assert.Equal((LogLevel.Debug, null), At(59, "ClusterHeartbeatSender", LogLevel.Warning, Delayed));
        Assert.NotNull(At(60, "ClusterHeartbeatSender", LogLevel.Warning, Delayed).Sentence);
    }

    [Theory]
    [InlineData("ShardRegion", LogLevel.Warning, "records-abc: No coordinator found to register. Total [3] buffered messages.")]
    [InlineData("SplitBrainResolver", LogLevel.Warning, "SBR took decision Akka.Cluster.SBR.DownUnreachable and is downing [UniqueAddress: (akka.tcp://koala@a:1, 7)]")]
    [InlineData("AkkaProtocolManager", LogLevel.Error, "No response from remote. Handshake timed out or transport failure detector triggered.")]
    [InlineData("remoting-terminator", LogLevel.Information, "Shutting down remote daemon.")]
    [InlineData("EndpointReader", LogLevel.Error, "Association to [akka.tcp://koala@a:1] having UID [7] is irrecoverably failed.")]
    [InlineData("ClusterSingletonProxy", LogLevel.Warning, "Singleton is not there after 30 seconds")]
    public void What_repeats_what_the_node_says_is_for_debug_logs(string source, LogLevel level, string text) =>
        Assert.Equal((LogLevel.Debug, null), At(0, source, level, text));

    [Fact]
    public void Another_warning_passes_once_a_minute_for_each_class_and_an_error_always()
    {
        Assert.Equal((LogLevel.Warning, null), At(0, "Other", LogLevel.Warning, "x"));
        Assert.Equal((LogLevel.Debug, null), At(30, "Other", LogLevel.Warning, "y"));
        Assert.Equal((LogLevel.Warning, null), At(30, "Another", LogLevel.Warning, "y"));
        Assert.Equal((LogLevel.Error, null), At(31, "Other", LogLevel.Error, "z"));
        Assert.Equal((LogLevel.Error, null), At(31, "Other", LogLevel.Error, "z"));
        Assert.Equal((LogLevel.Debug, null), At(31, "Fresh", LogLevel.Information, "z"));
    }

    [Theory]
    [InlineData("koala-one", "Another node asks for this one by another name")]
    [InlineData("koala-other", "A node of another store")]
    [InlineData("koala", "A node of another store")]
    public void A_node_that_asks_for_another_name_and_one_of_another_store_are_told_apart(string system, string expected)
    {
        string text = $"Dropping message [Akka.Cluster.InternalClusterAction+InitJoin] for non-local recipient [akka.tcp://{system}@b:8650/] arriving at [akka.tcp://{system}@b:8650] inbound addresses [akka.tcp://koala-one@a:8650]";
        (LogLevel level, string? sentence) = At(0, "EndpointWriter", LogLevel.Error, text);
        Assert.Equal(LogLevel.Debug, level);
        Assert.StartsWith(expected, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_one_line_that_can_be_read()
    {
        Assert.Equal("first", SystemLines.Shortened("first\nsecond"));
        Assert.Equal(203, SystemLines.Shortened(new string('x', 500)).Length);
    }

    private (LogLevel Level, string? Sentence) At(int seconds, string source, LogLevel level, string text) => _lines.Of(source, level, text, TimeSpan.FromSeconds(seconds));
}
