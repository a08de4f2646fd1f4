using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Verifying;

/// <summary>What all parts of a verification share: where, how closely, and where findings go. Thread-safe.</summary>
/// <param name="store">The data set or folder.</param>
/// <param name="isQuick">Whether names and sizes are enough.</param>
/// <param name="parallel">Files looked at once.</param>
/// <param name="found">Called for each finding, from any thread.</param>
/// <param name="advanced">Called with how many files, or pictures in records, were checked.</param>
internal sealed class Inspection(IDataStore store, bool isQuick, int parallel, Action<Finding> found, Action<long> advanced)
{
    private long _problems;
    private long _notes;

    public IDataStore Store => store;

    public bool IsQuick => isQuick;

    public long Problems => Interlocked.Read(ref _problems);

    public long Notes => Interlocked.Read(ref _notes);

    public ParallelOptions ParallelUntil(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation };

    public void Add(FindingKind kind, string name, string detail)
    {
        var finding = new Finding(kind, name, detail);
        Interlocked.Increment(ref finding.IsNote ? ref _notes : ref _problems);
        found(finding);
    }

    public void Advance(long items) => advanced(items);

    /// <summary>Reads a part of the state; null, and a finding, where it is not what this program wrote.</summary>
    public T? Read<T>(string name, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or FormatException)
        {
            Add(FindingKind.Damaged, name, exception is FormatException ? exception.Message : FileFaults.Sentence(exception));
            return null;
        }
    }
}
