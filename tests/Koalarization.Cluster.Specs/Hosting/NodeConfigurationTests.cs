using System.Globalization;
using Akka.Configuration;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>The files of <c>hocon/</c>.</summary>
public sealed class NodeConfigurationTests
{
    private const string Nowhere = "/nonexistent";

    public static TheoryData<string> Files => [NodeConfiguration.Base, .. NodeRoles.All];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_refers_to_nothing_outside_itself(string name)
    {
        // A reference to the environment takes what follows with it, one to another key throws, and so does an include.
        foreach (string line in Text(name).Split('\n').Where(line => !line.TrimStart().StartsWith('#')))
        {
            Assert.DoesNotContain("${", line, StringComparison.Ordinal);
            Assert.DoesNotContain("include", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_role_has_the_base_and_its_own()
    {
        foreach (string role in NodeRoles.All)
        {
            Assert.Equal("control", NodeConfiguration.Of([role], Nowhere).GetString("akka.cluster.split-brain-resolver.keep-majority.role"));
        }

        Config all = NodeConfiguration.Of(NodeRoles.All, Nowhere);
        Assert.Equal(TimeSpan.FromSeconds(5), all.GetTimeSpan("akka.cluster.seed-node-timeout"));
        Assert.Equal(TimeSpan.FromSeconds(1), NodeConfiguration.Of([NodeRoles.Fetch], Nowhere).GetTimeSpan("akka.cluster.seed-node-timeout"));
        Assert.All(["resize", "embed"], name => Assert.True(all.HasPath($"koala.{name}-dispatcher.type")));
    }

    [Fact]
    public void A_node_that_is_told_to_leave_is_gone_within_a_minute()
    {
        Config shutdown = NodeConfiguration.Of(NodeRoles.All, Nowhere).GetConfig("akka.coordinated-shutdown");
        string[] phases =
        [
            "before-service-unbind", "service-unbind", "service-requests-done", "service-stop", "before-cluster-shutdown", "cluster-sharding-shutdown-region",
            "cluster-leave", "cluster-exiting", "cluster-exiting-done", "cluster-shutdown", "before-actor-system-terminate", "actor-system-terminate",
        ];

        TimeSpan sum = phases.Aggregate(TimeSpan.Zero, (so, phase) => so + shutdown.GetTimeSpan($"phases.{phase}.timeout"));

        Assert.InRange(sum, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(58));
    }

    [Fact]
    public void A_file_beside_the_program_is_taken_instead_of_the_one_that_was_built_in()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["control.conf"], "akka.cluster.seed-node-timeout = 9s");

        Assert.Equal(TimeSpan.FromSeconds(9), NodeConfiguration.Of([NodeRoles.Control], folder.Path).GetTimeSpan("akka.cluster.seed-node-timeout"));

        File.WriteAllText(folder["control.conf"], "akka.cluster.roles = ${nowhere}");
        Assert.Contains(
            "control.conf", Assert.Throws<ConfigurationException>(() => NodeConfiguration.Of([NodeRoles.Control], folder.Path)).Message, StringComparison.Ordinal);
    }

    private static string Text(string name)
    {
        using Stream stream = typeof(NodeConfiguration).Assembly.GetManifestResourceStream(string.Create(CultureInfo.InvariantCulture, $"hocon/{name}.conf"))!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
