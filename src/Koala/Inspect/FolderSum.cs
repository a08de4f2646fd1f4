using Koalarization.Dataset.Records;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Inspect;

/// <summary>Sums up the contents of the files of a folder.</summary>
internal sealed class FolderSum(RecordPaths set)
{
    private long _records;
    private long _pictures;
    private long _bytes;
    private double _luminance;
    private double _chroma;

    /// <summary>Files that could not be read to the end.</summary>
    public int Damaged { get; private set; }

    public void Add(RecordInspected file)
    {
        _records += file.Records;
        _pictures += file.Pictures;
        _bytes += file.Bytes;
        _luminance += file.Pictures * (file.MeanLuminance ?? 0);
        _chroma += file.Pictures * (file.MeanChroma ?? 0);
    }

    public void AddDamaged() => Damaged++;

    /// <summary>Reports the sum, when the argument was a folder.</summary>
    public void Report(Action<ReportEvent> report)
    {
        if (set.Folder is not string folder)
        {
            return;
        }

        int validation = set.Files.Count(file => RecordName.TryParse(Path.GetFileName(file), out RecordName name) && name.IsValidation);
        report(new FolderInspected(
            folder, set.Files.Count, validation, Damaged, _records, _pictures, _bytes,
            _pictures == 0 ? null : _luminance / _pictures, _pictures == 0 ? null : _chroma / _pictures));
    }
}
