using System.Diagnostics;
using System.Reflection;
using Koalarization.Testing;

namespace Koalarization.Benchmarks;

/// <summary>
/// The whole command <c>koala lab-batch</c> as a process (start, checkpoint, decode, network, Lab, records, checksums, fsync) against the
/// network alone under ONNX Runtime at batch 8, in turns.
/// </summary>
internal static class LabBatchBenchmark
{
    private const int Batch = 8;

    private static readonly string Koala = Path.GetFullPath(
        typeof(LabBatchBenchmark).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "KoalaExecutable").Value!);

    public static void Run(string[] args)
    {
        int pictures = args.Length > 0 ? int.Parse(args[0]) : 400;
        int rounds = args.Length > 1 ? int.Parse(args[1]) : 3;
        string precision = args.Length > 2 ? args[2] : "fp32";
        string folder = Directory.CreateTempSubdirectory("koala-benchmark-").FullName;
        try
        {
            MakePictures(Path.Combine(folder, "resized"), pictures);
            Compare(folder, pictures, rounds, precision);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(string folder, int pictures, int rounds, string precision)
    {
        using Yardstick theirs = Yardstick.OfBatch(Batch);
        string checkpoint = Golden.Unpacked("checkpoints/full_v1.ckpt");
        theirs.Run();

        List<double> ours = [], theirSeconds = [];
        for (int round = 0; round < rounds; round++)
        {
            double our = Seconds(() => LabBatch(folder, checkpoint, precision)) / pictures;
            double their = Seconds(() =>
            {
                for (int i = 0; i < pictures / Batch; i++)
                {
                    theirs.Run();
                }
            }) / (pictures / Batch * Batch);
            ours.Add(our);
            theirSeconds.Add(their);
            Console.WriteLine($"lab-batch {precision} {1 / our:f2} img/s   ONNX Runtime {1 / their:f2} img/s   ratio {their / our:f3}");
        }

        double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
        Console.WriteLine($"best   lab-batch {1 / ours.Min():f2}   ONNX Runtime {1 / theirSeconds.Min():f2}   ratio {theirSeconds.Min() / ours.Min():f3}");
        Console.WriteLine($"median lab-batch {1 / Median(ours):f2}   ONNX Runtime {1 / Median(theirSeconds):f2}   ratio {Median(theirSeconds) / Median(ours):f3}");
    }

    /// <summary>Fills a folder with resized pictures.</summary>
    internal static void MakePictures(string folder, int pictures)
    {
        Directory.CreateDirectory(folder);
        string[] golden = Directory.GetFiles(Golden.PathOf("resized_299x299/files"));
        for (int i = 0; i < pictures; i++)
        {
            File.Copy(golden[i % golden.Length], Path.Combine(folder, $"{i:000000}.jpeg"));
        }
    }

    private static void LabBatch(string folder, string checkpoint, string precision)
    {
        var start = new ProcessStartInfo(
            Koala, ["lab-batch", "resized", "tfrecords", "-c", checkpoint, "--precision", precision, "--overwrite"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"koala lab-batch failed: {said}{process.StandardError.ReadToEnd()}");
        }
    }

    private static double Seconds(Action turn)
    {
        // Threads of the other side's pool go on spinning for a while after its last run.
        Thread.Sleep(500);
        long start = Stopwatch.GetTimestamp();
        turn();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
