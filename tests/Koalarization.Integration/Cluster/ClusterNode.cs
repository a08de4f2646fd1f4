using System.Diagnostics;
using System.Globalization;

namespace Koalarization.Integration.Cluster;

/// <summary>
/// One <c>koala node</c> process of a test, and the same one started again: always the same port, options, and log file.
/// </summary>
internal sealed class ClusterNode(string name, string roles, Func<ClusterNode, Process> start, string log) : IDisposable
{
    private readonly Lock _gate = new();
    private Process? _process;

    public string Name => name;

    public string Roles => roles;

    public bool IsControl => roles.Split(',').Contains("control");

    /// <summary>Of its remoting.</summary>
    public int Port { get; } = FreePorts.Take();

    /// <summary>The port that it listens on itself, where a proxy stands before it.</summary>
    public int Behind { get; } = FreePorts.Take();

    /// <summary>Of its HTTP API, role control only.</summary>
    public int Http { get; } = FreePorts.Take();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public string Control => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Http}");

    /// <summary>What it runs from its next start on.</summary>
    public string Program { get; set; } = KoalaProcess.Executable;

    /// <summary>Times that it was started.</summary>
    public int Starts { get; private set; }

    public bool IsRunning => _process is { HasExited: false };

    public int ProcessId => Running.Id;

    /// <summary>Of the process that has ended.</summary>
    public int ExitCode => Running.ExitCode;

    /// <summary>What it has written, of all its lives.</summary>
    public string Log
    {
        get
        {
            lock (_gate)
            {
                return File.Exists(log) ? File.ReadAllText(log) : "";
            }
        }
    }

    private Process Running => _process ?? throw new InvalidOperationException($"{name} was not started.");

    public void Start()
    {
        Process? earlier = _process;
        Starts++;
        Note($"---- start {Starts}");
        _process = start(this);
        earlier?.Dispose();
        _process.StandardInput.Close();
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Note("---- kill -9");
        Running.Kill();
        await Running.WaitForExitAsync();
    }

    /// <summary>SIGSTOP.</summary>
    /// <returns>Whether there was still something to stop: a process may end by itself at any moment.</returns>
    public bool TryStop()
    {
        Note("---- stop");
        return Signals.Stop(Running) == 0;
    }

    public void Continue() => Signal("continue", Signals.Continue);

    public void Terminate() => Signal("terminate", Signals.Terminate);

    /// <summary>Waits for its end, and gives its exit code.</summary>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        using var given = new CancellationTokenSource(patience);
        try
        {
            await Running.WaitForExitAsync(given.Token);
        }
        catch (OperationCanceledException still)
        {
            throw new TimeoutException($"{name} ({roles}) has not ended within {patience}.", still);
        }

        Note($"---- exit code {Running.ExitCode}");
        return Running.ExitCode;
    }

    public override string ToString() => $"{name} ({roles}, {Address})";

    public void Dispose()
    {
        if (IsRunning)
        {
            Running.Kill();
            Running.WaitForExit();
        }

        _process?.Dispose();
    }

    private void Signal(string word, Func<Process, int> signal)
    {
        Note($"---- {word}");
        Assert.Equal(0, signal(Running));
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (_gate)
            {
                File.AppendAllText(log, $"{TimeOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime):HH:mm:ss.fff} {line}\n");
            }
        }
    }
}
