using System.Diagnostics;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Compress;

/// <summary>The program <c>7z</c>, for comparison. It uses all cores and much memory, so one runs at a time.</summary>
internal sealed class SevenZip : IDisposable
{
    private const string Program = "7z";

    private readonly string _path;
    private readonly SemaphoreSlim _one = new(1);

    private SevenZip(string path) => _path = path;

    /// <exception cref="UserErrorException">The program is not installed.</exception>
    public static SevenZip Find()
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, Program))
            .FirstOrDefault(File.Exists);
        return path is null
            ? throw new UserErrorException("--compare-7z needs the program 7z; install it (Debian, Ubuntu: apt-get install p7zip-full), or omit the option.")
            : new SevenZip(path);
    }

    /// <summary>The size that <c>7z -mx=9</c> gives for a file's unpacked records.</summary>
    /// <param name="source">The file.</param>
    /// <param name="archive">A temporary path; the file is deleted afterwards.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">7z failed.</exception>
    public async Task<long> MeasureAsync(string source, string archive, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var start = new ProcessStartInfo(_path, ["a", "-t7z", "-mx=9", "-bd", "-bso0", "-bsp0", $"-si{Path.GetFileName(source)}", archive])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
            };
            using Process process = Process.Start(start)!;
            try
            {
                await Task.Run(() => Feed(source, process.StandardInput.BaseStream, cancellation), cancellation);
                process.StandardInput.Close();
                await process.WaitForExitAsync(cancellation);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }

            return process.ExitCode == 0 ? new FileInfo(archive).Length : throw new IOException($"7z exited with code {process.ExitCode} on {source}.");
        }
        finally
        {
            File.Delete(archive);
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static void Feed(string source, Stream target, CancellationToken cancellation)
    {
        using PackedRecords records = PackedRecords.Open(source);
        var writer = new Koalarization.Records.Framing.TFRecordWriter(target);
        while (records.TryRead(out ReadOnlyMemory<byte> record))
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Append(record.Span);
        }

        writer.Complete();
        writer.Dispose();
    }
}
