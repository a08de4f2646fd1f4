using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Records.Compression;
using Koalarization.Testing;

namespace Koalarization.Benchmarks.Race;

/// <summary>
/// <c>race [--short] [--peers DIR] [ROW...]</c>: each row is one of our commands, published as users get it, against what a user would take in its place, in turns
/// on the same cores, several rounds; a line each with the ratio of speeds (above 1: we are faster), its goal, and processor time. A peer that is not on the machine
/// is named. <c>--peers</c> is a folder with <c>img2dataset.sh</c>, <c>serve_nginx.sh</c> and the virtual environment <c>.peers-venv</c>.
/// </summary>
internal sealed class RaceBenchmark(string folder, string koala, bool isShort, string? peers)
{
    private const int Batch = 8;
    private const int ExampleBytes = 1_076_956;
    private const string Python = "/usr/bin/python3";

    private readonly int _rounds = isShort ? 1 : 5;
    private readonly int _links = isShort ? 40 : 3000;
    private readonly int _resized = isShort ? 16 : 480;
    private readonly int _records = isShort ? 20 : 500;

    /// <summary>Runs the rows that are named, or all.</summary>
    public static void Run(string[] args)
    {
        bool isShort = args.Contains("--short");
        int named = Array.IndexOf(args, "--peers");
        string? peers = named >= 0 ? Path.GetFullPath(args[named + 1]) : null;
        string[] rows = [.. args.Where((word, i) => !word.StartsWith("--", StringComparison.Ordinal) && (named < 0 || i != named + 1))];
        string folder = Directory.CreateTempSubdirectory("koala-race-").FullName;
        try
        {
            new RaceBenchmark(folder, Publish("src/Koala", Path.Combine(folder, "koala")) + "/koala", isShort, peers).Run(rows.ToHashSet());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Run(HashSet<string> rows)
    {
        Console.WriteLine(
            $"{File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()}, {Environment.ProcessorCount} cores, .NET {Environment.Version}");
        Photographs.Write(Path.Combine(folder, "photographs"), isShort ? 20 : 300);
        FileInfo[] made = new DirectoryInfo(Path.Combine(folder, "photographs")).GetFiles();
        Console.WriteLine($"photographs of {made.Min(file => file.Length) / 1000} to {made.Max(file => file.Length) / 1000} KB, {made.Average(file => file.Length) / 1000:f0} on average");
        Console.WriteLine("| row | ours | theirs | ratio min | median | max | goal | processor time, ours | theirs |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, Action row) in new (string, Action)[]
        {
            ("links", Links), ("resize", () => Resize("photographs", Path.Combine(folder, "photographs"), "1.9")), ("resize-golden", () => Resize("golden", Golden.PathOf("pictures"), "")),
            ("lab-batch", () => LabBatch("fp32", "1.0")), ("lab-batch-bf16", () => LabBatch("bf16", "5, where AMX is")), ("record", Record), ("help", Help),
        })
        {
            if (rows.Count == 0 || rows.Contains(name))
            {
                row();
            }
        }
    }

    // From links on loopback to resized pictures: our whole command, its start included, against the peer's steady rate.
    private void Links()
    {
        const string Row = "run --until resize against img2dataset, pictures/s";
        if (peers is null || !File.Exists(Path.Combine(peers, ".peers-venv/bin/img2dataset")))
        {
            NotMeasured(Row, "no img2dataset (--peers)");
            return;
        }

        int port = FreePort();
        using Process server = Command.Start(folder, Path.Combine(peers, "serve_nginx.sh"), Path.Combine(folder, "photographs"), $"{port}");
        try
        {
            _ = server.StandardOutput.ReadLine();
            string list = Path.Combine(folder, "links.txt");
            File.WriteAllLines(list, Enumerable.Range(0, _links).Select(i => $"http://127.0.0.1:{port}/{i % (isShort ? 20 : 300):d6}.jpg?r={i}"));
            int cores = Environment.ProcessorCount;
            Compare(
                Row, "2.0",
                () => Rate(_links, Command.Run(folder, koala, "run", list, NewFolder(), "--until", "resize", "--allow-private", "--host-limit", "256")),
                () =>
                {
                    Command command = Command.Run(folder, Path.Combine(peers, "img2dataset.sh"), Path.Combine(peers, ".peers-venv"), list, NewFolder(), $"{cores}", "16");
                    JsonElement cost = JsonDocument.Parse(command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
                    return (cost.GetProperty("images_per_s").GetDouble(), cost.GetProperty("cpu_ms_per_image").GetDouble());
                });
        }
        finally
        {
            Command.Run(folder, "kill", $"{server.Id}");
            server.WaitForExit();
        }
    }

    // Decode, fit and encode on one core each.
    private void Resize(string name, string pictures, string goal)
    {
        string row = $"resize, one core, {name}, against Pillow, pictures/s";
        if (!Exists("PIL"))
        {
            NotMeasured(row, "no Pillow (python3-pil)");
            return;
        }

        string passes = isShort ? "1" : "5";
        int count = Directory.GetFiles(pictures, "*.jp*g").Length;
        (double, double) Best(Command command)
        {
            string[] words = command.Output.Split(' ', '\n');
            return (double.Parse(words[Array.IndexOf(words, "best") + 1], CultureInfo.InvariantCulture), 1000 * command.Processor / count / int.Parse(passes, CultureInfo.InvariantCulture));
        }

        string self = Environment.ProcessPath!;
        Compare(
            row, goal,
            () => Best(Command.Run(folder, "taskset", "-c", "0", self, "resize", pictures, passes)),
            () => Best(Command.Run(folder, "taskset", "-c", "0", Python, Path.Combine(Root(), "tests/Koalarization.Benchmarks/pillow_resize.py"), pictures, passes)));
    }

    // The whole command, its start included, against the network alone.
    private void LabBatch(string precision, string goal)
    {
        string source = Path.Combine(folder, "resized");
        if (!Directory.Exists(source))
        {
            LabBatchBenchmark.MakePictures(source, _resized);
        }

        using Yardstick yardstick = Yardstick.OfBatch(Batch);
        string checkpoint = Golden.Unpacked("checkpoints/full_v1.ckpt");
        yardstick.Run();
        try
        {
            Compare(
                $"lab-batch {precision}, {_resized} pictures, against ONNX Runtime's network alone in fp32, pictures/s", goal,
                () => Rate(_resized, Command.Run(folder, koala, "lab-batch", source, NewFolder(), "-c", checkpoint, "--precision", precision)),
                () =>
                {
                    TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
                    long start = Stopwatch.GetTimestamp();
                    for (int i = 0; i < _resized / Batch; i++)
                    {
                        yardstick.Run();
                    }

                    return (_resized / Stopwatch.GetElapsedTime(start).TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds / _resized);
                });
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("needs a CPU", StringComparison.Ordinal))
        {
            NotMeasured($"lab-batch {precision}", "this processor has no bf16");
        }
    }

    // A record's bytes with checksums and SHA-256, durable, against the same number of bytes by dd.
    private void Record()
    {
        var colours = new PictureColours(ColourStatistics.None, 0);
        byte[] example = new byte[ExampleBytes];
        new Random(1).NextBytes(example);
        double megabytes = _records * ExampleBytes / 1e6;
        Compare(
            "one record, against dd with fsync, MB/s", "0.95",
            () =>
            {
                using WorkFolder work = WorkFolder.Open(NewFolder());
                TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
                long start = Stopwatch.GetTimestamp();
                using RecordAssembler record = new RecordSet(work.Store, RecordLayout.OfFolder).NewRecord(0, RecordCompression.None);
                for (int i = 0; i < _records; i++)
                {
                    record.Append(example, colours);
                }

                record.Commit("race");
                return (megabytes / Stopwatch.GetElapsedTime(start).TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds / _records);
            },
            () =>
            {
                Command command = Command.Run(folder, "dd", "if=/dev/zero", $"of={NewFolder()}", "bs=1M", $"count={(int)(megabytes * 1e6 / (1 << 20))}", "conv=fsync");
                return (megabytes / command.Seconds, 1000 * command.Processor / _records);
            });
    }

    // The program's start, against a program that does nothing.
    private void Help()
    {
        string source = Path.Combine(folder, "empty-source");
        Directory.CreateDirectory(source);
        File.WriteAllText(Path.Combine(source, "Directory.Build.props"), "<Project/>");
        File.WriteAllText(Path.Combine(source, "empty.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        File.WriteAllText(Path.Combine(source, "Program.cs"), "return 0;");
        string empty = Path.Combine(Publish(source, Path.Combine(folder, "empty")), "empty");
        int starts = isShort ? 2 : 10;
        (double, double) Starts(string program, string[] words)
        {
            Command[] commands = [.. Enumerable.Range(0, starts).Select(_ => Command.Run(folder, program, words))];
            return (1 / commands.Min(command => command.Seconds), 1000 * commands.Average(command => command.Processor));
        }

        Compare("koala --help against an empty program, starts/s", "0.67", () => Starts(koala, ["--help"]), () => Starts(empty, []));
    }

    // Speed, and milliseconds of processor time for each.
    private void Compare(string row, string goal, Func<(double Speed, double Processor)> ours, Func<(double Speed, double Processor)> theirs)
    {
        var rounds = new List<((double Speed, double Processor) Ours, (double Speed, double Processor) Theirs)>();
        for (int round = 0; round < _rounds; round++)
        {
            rounds.Add(round % 2 == 0 ? (ours(), theirs()) : Swapped(theirs(), ours()));
        }

        double[] ratios = [.. rounds.Select(round => round.Ours.Speed / round.Theirs.Speed).Order()];
        double Median(Func<((double Speed, double Processor) Ours, (double Speed, double Processor) Theirs), double> value) => rounds.Select(value).Order().ElementAt(_rounds / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {row} | {Median(round => round.Ours.Speed):f1} | {Median(round => round.Theirs.Speed):f1} | {ratios[0]:f2} | {ratios[_rounds / 2]:f2} | {ratios[^1]:f2} | {goal} | {Median(round => round.Ours.Processor):f2} ms | {Median(round => round.Theirs.Processor):f2} ms |"));
    }

    private static (T Ours, T Theirs) Swapped<T>(T theirs, T ours) => (ours, theirs);

    private static void NotMeasured(string row, string why) => Console.WriteLine($"| {row} | not measured: {why} | | | | | | | |");

    private static (double, double) Rate(int count, Command command) => (count / command.Seconds, 1000 * command.Processor / count);

    private string NewFolder() => Path.Combine(folder, "out-" + Guid.NewGuid().ToString("N"));

    private bool Exists(string module)
    {
        try
        {
            Command.Run(folder, Python, "-c", $"import {module}");
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string Publish(string project, string to)
    {
        Command.Run(
            Root(), "dotnet", "publish", project, "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-p:PublishReadyToRun=true", "-p:RunAnalyzers=false", "-v", "q", "-o", to);
        return to;
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Koalarization.Cluster.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the repository cannot be found above the program.");
        }

        return folder;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
