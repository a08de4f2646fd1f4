using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>
/// A cluster of <c>koala node</c> processes on loopback over one store. Its logs are in a folder of the test's output, which is removed when the test says that it
/// <see cref="Passed"/>.
/// </summary>
internal sealed class ClusterOfProcesses : IAsyncDisposable
{
    /// <summary>
    /// A lost node is noticed and removed in seconds, where real networks are given more patience. On a machine where many processes share two cores a node may
    /// be silent for a while and be well.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Impatience = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AKKA__CLUSTER__FAILURE_DETECTOR__ACCEPTABLE_HEARTBEAT_PAUSE"] = "5s",
        ["AKKA__CLUSTER__SPLIT_BRAIN_RESOLVER__STABLE_AFTER"] = "5s",
    };

    /// <summary>In which a lost node is out of the cluster, and what it had is others'.</summary>
    public static readonly TimeSpan LossPatience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string _logs;
    private readonly ITestOutputHelper _output;
    private readonly List<ClusterNode> _nodes = [];
    private readonly List<PartingProxy> _proxies = [];
    private (IReadOnlyList<ClusterNode> One, IReadOnlyList<ClusterNode> Other) _parted = ([], []);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };

    /// <param name="folder">Where the store is made.</param>
    /// <param name="output">Is told where the logs are.</param>
    /// <param name="test">The test's name, for the logs' folder.</param>
    public ClusterOfProcesses(string folder, ITestOutputHelper output, [CallerMemberName] string test = "")
    {
        _folder = folder;
        _output = output;
        _logs = Path.Combine(AppContext.BaseDirectory, "cluster-logs", $"{test}-{Path.GetFileName(folder)}");
        Directory.CreateDirectory(_logs);
        Directory.CreateDirectory(Store);
    }

    public string Store => Path.Combine(_folder, "store");

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    public IEnumerable<ClusterNode> Controls => _nodes.Where(node => node.IsControl);

    /// <summary>Further environment of nodes that are started from now on.</summary>
    public Dictionary<string, string> Environment { get; } = new(Impatience, StringComparer.Ordinal);

    /// <summary>Whether nodes that are started from now on have the faulty parts of the test host.</summary>
    public bool IsFaulty { get; set; }

    /// <summary>Whether nodes that are added from now on stand behind a proxy, so that they can be parted.</summary>
    public bool IsBehindProxies { get; set; }

    /// <summary>Whether jobs that are submitted from now on have <c>--allow-private</c>.</summary>
    public bool AllowsPrivate { get; set; } = true;

    /// <summary>The user and group that nodes that are added from now on run as; null: the test's own.</summary>
    public (int User, int Group)? User { get; set; }

    private bool HasPassed { get; set; }

    /// <summary>The whole path of a data set's file.</summary>
    public string this[string name] => Path.Combine(Store, name);

    /// <summary>Adds a node, which is not started yet. Control nodes come first: the others are told of those that there are by then.</summary>
    public ClusterNode Add(string roles, params string[] options)
    {
        string name = $"{_nodes.Count}-{roles.Replace(',', '-')}";
        string[] seeds = [.. Controls.SelectMany(control => (string[])["--seed", control.Address])];
        var environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal);
        (int User, int Group)? user = User;
        bool isFaulty = IsFaulty, isBehind = IsBehindProxies;
        string home = Directory.CreateDirectory(Path.Combine(_folder, "home", name)).FullName;
        if (user is not null && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(home, (UnixFileMode)0x1FF);
        }

        var node = new ClusterNode(
            name, roles,
            self =>
            {
                string[] words =
                [
                    "node", "--roles", roles, "--store", Store, "--host", "127.0.0.1", "--port", $"{(isBehind ? self.Behind : self.Port)}", .. self.IsControl ? (string[])["--http", $"{self.Http}", "--sources", _folder] : [],
                    .. seeds, .. options,
                ];
                if (user is (int id, int group))
                {
                    return KoalaProcess.StartAs(id, group, home, environment, words);
                }

                return isFaulty ? KoalaProcess.StartFaulty(home, environment, words) : KoalaProcess.StartOther(self.Program, home, environment, words);
            },
            Path.Combine(_logs, name + ".log"));
        _nodes.Add(node);
        if (isBehind)
        {
            environment["AKKA__REMOTE__DOT_NETTY__TCP__PUBLIC_PORT"] = $"{node.Port}";
            var proxy = new PartingProxy(node.Port, node.Behind, process => IsParted(node, process));
            proxy.Start();
            _proxies.Add(proxy);
        }

        return node;
    }

    /// <summary>Starts all nodes that do not run, and waits until they are members.</summary>
    public async Task StartAsync()
    {
        foreach (ClusterNode node in _nodes.Where(node => !node.IsRunning))
        {
            node.Start();
        }

        await MembersAsync([.. _nodes]);
    }

    /// <summary>Waits until these nodes, and no others, are members.</summary>
    public Task MembersAsync(params ClusterNode[] nodes) =>
        Pause.UntilAsync($"members are {string.Join(", ", nodes.Select(node => node.Address))}", StartPatience, async () =>
        {
            AssertAlive(nodes);
            if (await GetAsync("nodes") is not JsonElement list)
            {
                return false;
            }

            var members = list.GetProperty("nodes").EnumerateArray()
                .ToDictionary(node => node.GetProperty("address").GetString()!, node => node.GetProperty("state").GetString());
            return members.Count == nodes.Length && nodes.All(node => members.GetValueOrDefault(node.Address) == "Up");
        });

    /// <summary>From now on nodes of one half reach none of the other.</summary>
    public void Part(IReadOnlyList<ClusterNode> one, IReadOnlyList<ClusterNode> other) => _parted = (one, other);

    /// <summary>Runs the program with this cluster's control nodes.</summary>
    public Task<KoalaRun> KoalaAsync(params string[] words) =>
        KoalaProcess.RunAsync(_folder, new() { ["KOALA_CONTROL"] = string.Join(',', Controls.Select(control => control.Control)) }, words);

    /// <summary>Submits a job, and gives its id.</summary>
    public async Task<string> SubmitAsync(params string[] words)
    {
        KoalaRun run = await KoalaAsync(["submit", .. words, .. AllowsPrivate ? (string[])["--allow-private"] : [], "--json"]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return run.Event("job_submitted").GetProperty("job").GetString()!;
    }

    /// <summary>How far a job is; null while no control node answers.</summary>
    public Task<JsonElement?> StatusAsync(string job) => GetAsync($"jobs/{job}");

    /// <summary>Waits for a job's end, and gives its last status.</summary>
    /// <param name="phase">What it is to end as.</param>
    public async Task<JsonElement> EndAsync(string job, TimeSpan patience, string phase = "done")
    {
        JsonElement? last = null;
        try
        {
            await Pause.UntilAsync($"{job} is {phase}", patience, async () =>
            {
                last = await StatusAsync(job) ?? last;
                return last?.GetProperty("phase").GetString() is not (null or "opening" or "working");
            });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{job} has not ended within {patience}: {last}");
        }

        Assert.True(last!.Value.GetProperty("phase").GetString() == phase, $"{job} ended otherwise: {last}");
        return last.Value;
    }

    /// <summary>Waits until a job's status says something.</summary>
    public Task UntilAsync(string job, string what, Func<JsonElement, bool> isSo, TimeSpan patience) =>
        Pause.UntilAsync(what, patience, async () => await StatusAsync(job) is JsonElement status && isSo(status));

    /// <summary>SIGTERM to nodes, which are to leave with exit code 0 within a minute.</summary>
    public static async Task LeaveAsync(params ClusterNode[] nodes)
    {
        foreach (ClusterNode node in nodes)
        {
            node.Terminate();
        }

        foreach (ClusterNode node in nodes)
        {
            int code = await node.EndAsync(TimeSpan.FromMinutes(1));
            Assert.True(code == 0, $"{node} left with exit code {code}.");
        }
    }

    /// <summary>No process has ended that was to live.</summary>
    public static void AssertAlive(params IEnumerable<ClusterNode> nodes)
    {
        ClusterNode? ended = nodes.FirstOrDefault(node => !node.IsRunning);
        Assert.True(ended is null, $"{ended} has ended by itself: {ended?.Log[^Math.Min(ended.Log.Length, 3000)..]}");
    }

    /// <summary>The test is through: the logs need not stay.</summary>
    public void Passed() => HasPassed = true;

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in _nodes)
        {
            node.Dispose();
        }

        foreach (PartingProxy proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        _http.Dispose();
        if (HasPassed)
        {
            Directory.Delete(_logs, recursive: true);
        }
        else
        {
            _output.WriteLine($"the nodes' logs are in {_logs}");
        }
    }

    private bool IsParted(ClusterNode node, int process)
    {
        (IReadOnlyList<ClusterNode> one, IReadOnlyList<ClusterNode> other) = _parted;
        return (one.Contains(node) && other.Any(IsCaller)) || (other.Contains(node) && one.Any(IsCaller));

        bool IsCaller(ClusterNode caller) => caller.IsRunning && caller.ProcessId == process;
    }

    private async Task<JsonElement?> GetAsync(string path)
    {
        foreach (ClusterNode control in Controls.Where(control => control.IsRunning))
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(new Uri($"{control.Control}/api/v1/{path}"));
                if (answer.IsSuccessStatusCode)
                {
                    return await answer.Content.ReadFromJsonAsync<JsonElement>();
                }
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
            {
                // Another one may answer.
            }
        }

        return null;
    }
}
