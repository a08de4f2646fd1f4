using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Koalarization.Integration;

/// <summary>What one run of the real program gave.</summary>
internal sealed record KoalaRun(int ExitCode, string Output, string Errors)
{
    /// <summary>The events of a run with <c>--json</c>.</summary>
    public IReadOnlyList<JsonElement> Events =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The one event of a kind.</summary>
    public JsonElement Event(string name) => Events.Single(e => e.GetProperty("event").GetString() == name);
}

/// <summary>Runs the program as its user does: another process, its own folder, its own cache.</summary>
internal static class KoalaProcess
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>The program.</summary>
    public static readonly string Executable = PathOf("KoalaExecutable");
    private static readonly string FaultyExecutable = PathOf("FaultyExecutable");

    public static Task<KoalaRun> RunAsync(string folder, params string[] words) => RunAsync(folder, [], words);

    /// <summary>Runs the program with more in its environment than it has from the test.</summary>
    public static async Task<KoalaRun> RunAsync(string folder, Dictionary<string, string> environment, params string[] words)
    {
        using Process process = Start(Executable, folder, environment, words);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    /// <summary>Runs the program with the faulty parts of the test host.</summary>
    public static async Task<KoalaRun> RunFaultyAsync(string folder, Dictionary<string, string> environment, params string[] words)
    {
        using Process process = StartFaulty(folder, environment, words);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    /// <summary>Runs a line of a shell, in which <c>$KOALA</c> is the program.</summary>
    public static async Task<KoalaRun> RunShellAsync(string folder, string line)
    {
        using Process process = Start("bash", folder, new() { ["KOALA"] = Executable }, ["-c", line]);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    public static Process Start(string folder, params string[] words) => Start(Executable, folder, [], words);

    /// <summary>Starts the program with more in its environment than it has from the test.</summary>
    public static Process Start(string folder, Dictionary<string, string> environment, params string[] words) => Start(Executable, folder, environment, words);

    /// <summary>Starts a build of the program other than this one.</summary>
    public static Process StartOther(string program, string folder, Dictionary<string, string> environment, params string[] words) => Start(program, folder, environment, words);

    /// <summary>Starts the program as another user; the caller is root.</summary>
    public static Process StartAs(int user, int group, string folder, params string[] words) => StartAs(user, group, folder, [], words);

    /// <summary>Starts the program as another user, with more in its environment; the caller is root.</summary>
    public static Process StartAs(int user, int group, string folder, Dictionary<string, string> environment, params string[] words) =>
        Start("setpriv", folder, environment, [$"--reuid={user}", $"--regid={group}", "--clear-groups", Executable, .. words]);

    /// <summary>Starts the program in a network namespace of its own, with nothing in it; the caller is root.</summary>
    public static Process StartWithoutNetwork(string folder, params string[] words) => Start("unshare", folder, [], ["-n", Executable, .. words]);

    public static Process StartFaulty(string folder, Dictionary<string, string> environment, params string[] words) =>
        Start(FaultyExecutable, folder, environment, words);

    private static Process Start(string program, string folder, Dictionary<string, string> environment, string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(folder, "cache");
        foreach (string proxy in (string[])["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"])
        {
            start.Environment.Remove(proxy);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Timeout);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isSo())
        {
            await poll.WaitForNextTickAsync(patience.Token);
        }
    }

    public static async Task<KoalaRun> EndAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Timeout);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new KoalaRun(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string PathOf(string key) => Path.GetFullPath(
        typeof(KoalaProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!);
}
