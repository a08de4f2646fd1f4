using System.Diagnostics;
using System.Reflection;
using Koalarization.Testing;

namespace Koalarization.Benchmarks;

/// <summary>
/// How long messages wait for the default dispatcher of a node that has all roles, while torch uses all cores and the disk hangs three seconds of every six.
/// </summary>
internal static class DispatcherDelayBenchmark
{
    private const int Pictures = 4000;

    private static readonly string Faulty = Path.GetFullPath(
        typeof(DispatcherDelayBenchmark).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "FaultyExecutable").Value!);

    public static void Run(string[] args)
    {
        int seconds = args.Length > 0 ? int.Parse(args[0]) : 60;
        string folder = Directory.CreateTempSubdirectory("koala-benchmark-").FullName;
        using Process node = Start(
            folder, "node", "--roles", "control,fetch,embed,write", "--store", folder, "--port", "0", "--http", "18660", "-c", "random:0");
        try
        {
            string[] pictures = Directory.GetFiles(Path.Combine(Golden.Folder, "resized_299x299", "files"));
            string source = Directory.CreateDirectory(Path.Combine(folder, "pictures")).FullName;
            for (int i = 0; i < Pictures; i++)
            {
                File.Copy(pictures[i % pictures.Length], Path.Combine(source, $"{i:d5}.jpg"));
            }

            Submit(folder, source);
            Wait(folder, seconds);
            string[] told = File.ReadAllText(Path.Combine(folder, "delays")).Split(' ');
            Console.WriteLine($"{told[0]} messages in {seconds} s of work: median {told[1]} ms, 99th percentile {told[2]} ms, longest {told[3]} ms");
        }
        finally
        {
            node.Kill();
            node.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Submit(string folder, string source)
    {
        for (int tries = 0; tries < 60; tries++)
        {
            using Process submit = Start(folder, "submit", source, "data", "--batch-size", "100", "--control", "http://127.0.0.1:18660");
            submit.WaitForExit();
            if (submit.ExitCode == 0)
            {
                return;
            }
        }

        throw new InvalidOperationException("The node takes no job.");
    }

    // The delays at the start are of another kind: code is compiled, the network is loaded.
    private static void Wait(string folder, int seconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        timer.WaitForNextTickAsync().AsTask().Wait();
        using Process status = Start(folder, "status", "--control", "http://127.0.0.1:18660");
        Console.WriteLine(status.StandardOutput.ReadToEnd());
    }

    private static Process Start(string folder, params string[] words)
    {
        var start = new ProcessStartInfo(Faulty, words)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = words[0] != "node",
        };
        start.Environment["KOALA_TEST_DELAY"] = Path.Combine(folder, "delays");
        start.Environment["KOALA_TEST_STALL"] = "3";
        return Process.Start(start)!;
    }
}
