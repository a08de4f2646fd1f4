using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>
/// Nine processes under every fault at once: kills, pauses, a store that cannot be written for a minute, all control nodes away for two minutes, all nodes killed
/// together. Whoever ends is started again, as a supervisor does, and each job is submitted once. The faults come in rows, faster than a process starts; after each
/// row nothing is disturbed until the job has moved, which it has to do within <see cref="Patience"/>. <c>KOALA_CLUSTER_KILLS</c> says how many kills there are in
/// all (jobs are submitted until there were so many), <c>KOALA_SEED</c> where the random numbers begin.
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

    /// <summary>In which a cluster does something for its job once nothing disturbs it any more: all nine processes may have to start, on a machine of few cores.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

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
    private bool _isOutage;

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
        // That it ends at all follows from its moving in each quiet time.
        Task end = Cluster.EndAsync(job, TimeSpan.FromDays(1));
        bool isGreatDue = true;
        In(_random.Next(2000, 10_000), () =>
        {
            isGreatDue = false;
            great();
        });
        while (!end.IsCompleted)
        {
            for (int faults = _random.Next(3, 12); !end.IsCompleted && (faults > 0 || isGreatDue || _isOutage); faults--)
            {
                await DisturbOneAsync();
                TimeSpan next = _clock.Elapsed + TimeSpan.FromMilliseconds(_random.Next(300, 4000));
                await UntilAsync(() => end.IsCompleted || next <= _clock.Elapsed);
            }

            await MovesAsync(job, end);
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

    private async Task MovesAsync(string job, Task end)
    {
        await UntilAsync(() => end.IsCompleted || _later.Count == 0);
        TimeSpan quiet = _clock.Elapsed;
        int? before = null;
        JsonElement? last = null;
        Task<JsonElement?> asked = Cluster.StatusAsync(job);
        await UntilAsync(() =>
        {
            Assert.True(_clock.Elapsed - quiet < Patience, $"{job} does not move, and nothing has been disturbed for {Patience}: {last}");
            if (!asked.IsCompleted)
            {
                return end.IsCompleted;
            }

            last = asked.GetAwaiter().GetResult() ?? last;
            asked = Cluster.StatusAsync(job);
            if (last is JsonElement status && status.GetProperty("phase").GetString() == "working")
            {
                int now = status.GetProperty("resolved").GetInt32() + status.GetProperty("records_written").GetInt32();
                before ??= now;
                return now > before || end.IsCompleted;
            }

            return end.IsCompleted;
        });
    }

    /// <summary>Waits, while who left is started again and what is due is done.</summary>
    private async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            RestartWhoLeft();
            foreach ((TimeSpan at, Action act) in _later.Where(due => due.At <= _clock.Elapsed).ToList())
            {
                _later.Remove((at, act));
                act();
            }

            await Pause.ForAsync(TimeSpan.FromMilliseconds(100));
        }
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
                if (!one.TryStop())
                {
                    break;
                }

                _pauses++;
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
        _isOutage = true;
        _storeOpenSince = TimeSpan.MaxValue;
        Shell($"chmod -R a-w {Cluster.Store}");
        Output.WriteLine("the store is closed");
        In((int)StoreOutage.TotalMilliseconds, () =>
        {
            Shell($"chmod -R u+w {Cluster.Store}");
            _storeOpenSince = _clock.Elapsed;
            _isOutage = false;
        });
    }

    private void StopControls()
    {
        ClusterNode[] controls = [.. Cluster.Controls.Where(node => !_away.Contains(node))];
        Output.WriteLine($"{controls.Length} control nodes are away");
        _isOutage = true;
        In((int)ControlOutage.TotalMilliseconds, () => _isOutage = false);
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
