using Koalarization.Integration.Runs;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>A test of a cluster: a folder, a web, and processes that end with it. Tests of clusters run one after the other.</summary>
[Collection("clusters")]
[Trait("Works", "cluster")]
public abstract class ClusterFixture(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb? _web;
    private ClusterOfProcesses? _cluster;

    private protected ITestOutputHelper Output => output;

    private protected TemporaryFolder Folder => _folder;

    private protected PictureWeb Web => _web!;

    private protected ClusterOfProcesses Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        _cluster = new ClusterOfProcesses(_folder.Path, output, GetType().Name);
    }

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        await _web!.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Nodes of these roles, one for each word; embedders are simulated ones of a rate at which a test sees them work.</summary>
    private protected ClusterNode[] AddAll(params string[] roles) =>
        [.. roles.Select(role => Cluster.Add(role, role.Contains("embed", StringComparison.Ordinal) ? ["--device", "simulated:150"] : []))];

    /// <summary>Waits until a job has written some records, and has not written all.</summary>
    private protected Task WritingAsync(string job) =>
        Cluster.UntilAsync(job, "records are written", status => status.GetProperty("records_written").GetInt32() > 0, TimeSpan.FromMinutes(2));
}
