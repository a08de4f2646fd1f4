using System.Collections.Concurrent;
using Koalarization.Dataset.Verifying;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Repair;

/// <summary>Reports and counts what a repair comes to. Thread-safe.</summary>
internal sealed class RepairLog(IReporter reporter, bool isDryRun)
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);
    private long _lost;
    private long _leftAlone;

    public long RestoredFiles => _names.Count;

    public long LostFiles => Interlocked.Read(ref _lost);

    public long ProblemsLeft => Interlocked.Read(ref _leftAlone);

    /// <summary>A file is restored; with a dry run it would be.</summary>
    public void Restored(string name, string from)
    {
        _names[name] = true;
        reporter.Result(isDryRun ? new Restorable(name, from) : new Restored(name, from));
    }

    public void Lost(string name, string reason)
    {
        Interlocked.Increment(ref _lost);
        reporter.Result(new Lost(name, reason));
    }

    public void LeftAlone(Finding finding)
    {
        Interlocked.Increment(ref _leftAlone);
        reporter.Result(new LeftAlone(finding.Kind, finding.Name, finding.Detail));
    }

    /// <summary>Whether a file is restored, or would be.</summary>
    public bool IsRestored(string name) => _names.ContainsKey(name);

    public void Note(string text) => reporter.Report(new Note(text));
}
