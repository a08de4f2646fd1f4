using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Compress;

/// <summary>Makes packed copies, several files at once. A copy is published after it was read back with the same records, and never replaces another file.</summary>
internal sealed class CompressStep(Packing packing, int level, SevenZip? sevenZip, TimeProvider time) : IDisposable
{
    // Of a record in a plain file.
    private const int FramingBytes = 16;

    private readonly Dictionary<string, WorkFolder> _homes = new(StringComparer.Ordinal);
    private long _next;

    public async Task<CompressDone> RunAsync(IReadOnlyList<PackedCopy> copies, int parallel, IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        foreach (string home in copies.Select(copy => copy.Home).Distinct(StringComparer.Ordinal))
        {
            _homes.Add(home, WorkFolder.Open(home));
        }

        var done = new FileCompressed?[copies.Count];
        await reporter.MeasureAsync("compress", copies.Sum(copy => new FileInfo(copy.Source).Length), async meter =>
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation };
            await Parallel.ForAsync(0, copies.Count, options, async (i, cancelled) => done[i] = await TryCopyAsync(copies[i], meter, reporter, cancelled));
            return true;
        }, isBytes: true);
        return Summary(done, time.GetElapsedTime(start));
    }

    public void Dispose()
    {
        foreach (WorkFolder home in _homes.Values)
        {
            home.Dispose();
        }

        sevenZip?.Dispose();
    }

    private static double? Ratio(long plain, long packed) => packed > 0 && plain > 0 ? (double)plain / packed : null;

    private async Task<FileCompressed?> TryCopyAsync(PackedCopy copy, ProgressMeter meter, IReporter reporter, CancellationToken cancellation)
    {
        try
        {
            FileCompressed done = await Task.Run(() => Copy(copy, meter, cancellation), cancellation);
            if (sevenZip is not null)
            {
                long bytes = await sevenZip.MeasureAsync(copy.Source, NewTemporaryPath(copy) + ".7z", cancellation);
                done = done with { SevenZipBytes = bytes, SevenZipRatio = Ratio(done.PlainBytes, bytes) };
            }

            reporter.Result(done);
            return done;
        }
        catch (Exception exception) when (exception is Koalarization.Records.Framing.TFRecordException or InvalidDataException or RecordsDifferException or UnauthorizedAccessException)
        {
            // A bad file is left out and the others continue. A full disk ends the command.
            string reason = exception switch { RecordsDifferException => "name_taken", UnauthorizedAccessException => "unreadable", _ => "damaged" };
            reporter.Report(new LeftOut("compress", copy.Source, reason, FileFaults.Sentence(exception)));
            return null;
        }
    }

    private FileCompressed Copy(PackedCopy copy, ProgressMeter meter, CancellationToken cancellation)
    {
        if (File.Exists(copy.Target))
        {
            return Compare(copy, meter, cancellation);
        }

        string temporary = NewTemporaryPath(copy);
        try
        {
            FileCompressed done = Write(copy, temporary, meter, cancellation);
            if (!HaveSameRecords(copy.Source, temporary, new PackingProgress(meter: null), cancellation, out _))
            {
                throw new IOException($"{copy.Target} does not read back as {copy.Source}; check the disk and the memory.");
            }

            if (!PublishOnce.Publish(temporary, copy.Target))
            {
                return Compare(copy, meter, cancellation);
            }

            PublishOnce.Flush(Path.GetDirectoryName(Path.GetFullPath(copy.Target))!);
            return done;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private FileCompressed Write(PackedCopy copy, string temporary, ProgressMeter meter, CancellationToken cancellation)
    {
        using PackedRecords records = PackedRecords.Open(copy.Source);
        using var writer = new PackedWriter(temporary, packing, level);
        var progress = new PackingProgress(meter);
        while (records.TryRead(out ReadOnlyMemory<byte> record))
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Append(record.Span);
            progress.Report(records.BytesRead);
        }

        return Result(copy, records, writer.Complete(), writer.PlainBytes, alreadyThere: false);
    }

    // The existing file was made by an earlier run, or is something else and is kept.
    private FileCompressed Compare(PackedCopy copy, ProgressMeter meter, CancellationToken cancellation)
    {
        using PackedRecords source = PackedRecords.Open(copy.Source);
        try
        {
            using PackedRecords target = PackedRecords.Open(copy.Target);
            if (target.Packing == packing && HaveSameRecords(copy.Source, copy.Target, new PackingProgress(meter), cancellation, out (long Records, long Plain) size))
            {
                return Result(copy, source, new FileInfo(copy.Target).Length, size.Plain, alreadyThere: true) with { Records = size.Records };
            }
        }
        catch (Exception damage) when (damage is IOException or InvalidDataException && damage.Message.StartsWith(copy.Target, StringComparison.Ordinal))
        {
            // A damaged file is not a copy.
        }

        throw new RecordsDifferException($"{copy.Target} exists and is not a {ChoiceOption<Packing>.NameOf(packing)} copy of it; move it away, or choose another folder with --out");
    }

    private FileCompressed Result(PackedCopy copy, PackedRecords source, long packed, long plain, bool alreadyThere) =>
        new(
            copy.Source, copy.Target, ChoiceOption<Packing>.NameOf(source.Packing), ChoiceOption<Packing>.NameOf(packing), source.Reader.Records,
            new FileInfo(copy.Source).Length, plain, packed, Ratio(plain, packed), alreadyThere, SevenZipBytes: null, SevenZipRatio: null);

    private string NewTemporaryPath(PackedCopy copy) =>
        Path.Combine(_homes[copy.Home].Store.TemporaryFolder, $"copy-{Interlocked.Increment(ref _next)}");

    private CompressDone Summary(FileCompressed?[] done, TimeSpan took)
    {
        FileCompressed[] made = [.. done.OfType<FileCompressed>()];
        long plain = made.Sum(file => file.PlainBytes), packed = made.Sum(file => file.PackedBytes);
        long? seven = sevenZip is null ? null : made.Sum(file => file.SevenZipBytes);
        return new CompressDone(
            ChoiceOption<Packing>.NameOf(packing), level, done.Length, made.Count(file => !file.AlreadyThere), made.Count(file => file.AlreadyThere),
            done.Length - made.Length, made.Sum(file => file.Bytes), plain, packed, Ratio(plain, packed), seven, seven is long bytes ? Ratio(plain, bytes) : null,
            took.TotalSeconds);
    }

    /// <summary>Compares two files by their records, byte for byte, however each is packed: to their ends, or to the first difference.</summary>
    /// <param name="first">A file.</param>
    /// <param name="second">Another one.</param>
    /// <param name="progress">Receives the position in the first one.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <param name="size">Records, and the bytes of the plain file.</param>
    /// <exception cref="IOException">One of them is damaged.</exception>
    /// <exception cref="InvalidDataException">One of them is a damaged archive.</exception>
    private static bool HaveSameRecords(string first, string second, PackingProgress progress, CancellationToken cancellation, out (long Records, long Plain) size)
    {
        size = default;
        using PackedRecords one = PackedRecords.Open(first), other = PackedRecords.Open(second);
        while (one.TryRead(out ReadOnlyMemory<byte> record))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!other.TryRead(out ReadOnlyMemory<byte> same) || !record.Span.SequenceEqual(same.Span))
            {
                return false;
            }

            size = (size.Records + 1, size.Plain + record.Length + FramingBytes);
            progress.Report(one.BytesRead);
        }

        return !other.TryRead(out _);
    }

    /// <summary>The path of a copy exists and is not a copy of the file.</summary>
    private sealed class RecordsDifferException(string message) : Exception(message);

    /// <summary>Advances a meter that counts bytes, for one file.</summary>
    private sealed class PackingProgress(ProgressMeter? meter)
    {
        private long _reported;

        public void Report(long bytes)
        {
            if (bytes > _reported)
            {
                meter?.Advance(bytes - _reported);
                _reported = bytes;
            }
        }
    }
}
