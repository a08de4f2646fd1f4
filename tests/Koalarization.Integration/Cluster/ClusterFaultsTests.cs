using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>
/// Nine processes under every fault at once: kills, pauses, a store that cannot be written for a minute, all control nodes away for two minutes, all nodes killed
/// together. Whoever ends is started again, as a supervisor does, and each job is submitted once. <c>KOALA_CLUSTER_KILLS</c> says how many kills there are in all
/// (jobs are submitted until there were so many), <c>KOALA_SEED</c> where the random numbers begin.
/// </summary>
[Trait("Takes", "minutes")]
public sealed class ClusterFaultsTests(ITestOutputHelper output) : ClusterFixture(output)
{
    private const int User = 12001;
    private const int Group = 12000;

    /// <summary>The exit code of a node that the cluster went on without, or that no control node answers.</summary>
    private const int LeftAlone = 4;

    /// <summary>The exit code of a node that could not start, as on a store that cannot be written.</summary>
    private const int Failed = 3;

    private static readonly TimeSpan StoreOutage = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ControlOutage = TimeSpan.FromMinutes(2);
    private static readonly int Kills = Number("KOALA_CLUSTER_KILLS", 30);

    private readonly Random _random = new(Number("KOALA_SEED", 1));
    private readonly HashSet<ClusterNode> _away = [];
    private readonly List<(TimeSpan At, Action Act)> _later = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _kills;
    private int _pauses;
    private int _restarts;
    private readonly Dictionary<ClusterNode, TimeSpan> _started = [];
    private TimeSpan _storeOpenSince;

    [OtherUsersFact]
    public async Task No_fault_ends_a_job_or_changes_a_byte_of_its_set()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(3000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        Cluster.User = (User, Group);
        Shell($"chmod 755 {Folder.Path} && chmod 644 {work.List} && chown {User}:{Group} {Cluster.Store}");
        AddAll("control", "control", "control", "fetch", "fetch", "embed", "embed", "write", "write");
        await Cluster.StartAsync();

        for (int number = 0; _kills < Kills || number < 2; number++)
        {
            string data = string.Create(CultureInfo.InvariantCulture, $"data{number}");
            string job = await Cluster.SubmitAsync(work.Submitting(data));
            int before = _kills;
            TimeSpan start = _clock.Elapsed;
            await DisturbAsync(job, number % 2 == 0 ? CloseStore : StopControls);
            await ClusterWork.AssertSameAsync(expected, Cluster[data]);
            Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{data}: {_kills - before} kills in {(_clock.Elapsed - start).TotalSeconds:0} s; {_kills} kills, {_pauses} pauses, {_restarts} restarts of nodes that left so far"));
            Directory.Delete(Cluster[data], recursive: true);
        }

        Cluster.Passed();
    }

    private async Task DisturbAsync(string job, Action great)
    {
        Task end = Cluster.EndAsync(job, TimeSpan.FromMinutes(20));
        In(_random.Next(2000, 10_000), great);
        TimeSpan next = _clock.Elapsed;
        while (!end.IsCompleted)
        {
            RestartWhoLeft();
            foreach ((TimeSpan at, Action act) in _later.Where(due => due.At <= _clock.Elapsed).ToList())
            {
                _later.Remove((at, act));
                act();
            }

            if (next <= _clock.Elapsed)
            {
                await DisturbOneAsync();
                next = _clock.Elapsed + TimeSpan.FromMilliseconds(_random.Next(300, 4000));
            }

            await Task.WhenAny(end, Pause.ForAsync(TimeSpan.FromMilliseconds(100)));
        }

        // What is still closed or away comes back, and whatever the job's end was is told.
        foreach ((_, Action act) in _later.OrderBy(due => due.At).ToList())
        {
            act();
        }

        _later.Clear();
        RestartWhoLeft();
        await end;
    }

    private async Task DisturbOneAsync()
    {
        ClusterNode[] there = [.. Cluster.Nodes.Where(node => !_away.Contains(node))];
        if (there.Length == 0)
        {
            return;
        }

        ClusterNode one = there[_random.Next(there.Length)];
        switch (_random.Next(100))
        {
            case < 70:
                await KillAsync([one], _random.Next(2) * 1000);
                break;
            case < 97:
                _pauses++;
                one.Stop();
                _away.Add(one);
                In(_random.Next(5000, 15_000), () =>
                {
                    _away.Remove(one);
                    one.Continue();
                });
                break;
            default:
                await KillAsync(there, 1000);
                break;
        }
    }

    private async Task KillAsync(ClusterNode[] nodes, int awayMilliseconds)
    {
        foreach (ClusterNode node in nodes)
        {
            if (node.IsRunning)
            {
                await node.KillAsync();
                _kills++;
            }

            _away.Add(node);
            In(awayMilliseconds, () =>
            {
                _away.Remove(node);
                Start(node);
            });
        }
    }

    private void CloseStore()
    {
        _storeOpenSince = TimeSpan.MaxValue;
        Shell($"chmod -R a-w {Cluster.Store}");
        Output.WriteLine("the store is closed");
        In((int)StoreOutage.TotalMilliseconds, () =>
        {
            Shell($"chmod -R u+w {Cluster.Store}");
            _storeOpenSince = _clock.Elapsed;
        });
    }

    private void StopControls()
    {
        ClusterNode[] controls = [.. Cluster.Controls.Where(node => !_away.Contains(node))];
        Output.WriteLine($"{controls.Length} control nodes are away");
        KillAsync(controls, (int)ControlOutage.TotalMilliseconds).GetAwaiter().GetResult();
    }

    /// <summary>Starts nodes that ended by themselves: a node may leave when it is alone, and cannot start while the store is closed.</summary>
    private void RestartWhoLeft()
    {
        foreach (ClusterNode node in Cluster.Nodes.Where(node => !node.IsRunning && !_away.Contains(node)))
        {
            Assert.True(node.ExitCode == LeftAlone || (node.ExitCode == Failed && _started.GetValueOrDefault(node) < _storeOpenSince), $"{node} ended with {node.ExitCode}: {node.Log[^Math.Min(node.Log.Length, 3000)..]}");
            _restarts++;
            _away.Add(node);
            In(2000, () =>
            {
                _away.Remove(node);
                Start(node);
            });
        }
    }

    private void Start(ClusterNode node)
    {
        node.Start();
        _started[node] = _clock.Elapsed;
    }

    private void In(int milliseconds, Action act) => _later.Add((_clock.Elapsed + TimeSpan.FromMilliseconds(milliseconds), act));

    private static void Shell(string line)
    {
        // A file may be renamed under chmod -R: what it did not find is no failure of the test.
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardError = true, UseShellExecute = false })!;
        shell.StandardError.ReadToEnd();
        shell.WaitForExit();
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
