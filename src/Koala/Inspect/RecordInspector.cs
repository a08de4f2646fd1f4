using Koalarization.Koala.Commands;
using Koalarization.Koala.Compress;
using Koalarization.Koala.Reporting;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Koala.Inspect;

/// <summary>Reads one TFRecord file and reports its contents.</summary>
internal sealed class RecordInspector(LogitNames names)
{
    private readonly NetworkNotes _networks = new();

    /// <summary>The network of a record, or null when it is unknown.</summary>
    public string? NetworkOf(string path) => _networks.Of(path);

    /// <summary>Reads the file to its end; every record's checksums are checked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The number of records to report.</param>
    /// <param name="report">Receives the first records, up to the limit, and for pictures the picture itself.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="TFRecordException">The file is damaged; the records before the damage were reported.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public RecordInspected Inspect(string path, long limit, Action<ReportEvent, LabRecord?> report, CancellationToken cancellation)
    {
        using PackedRecords file = PackedRecords.Open(path);
        TFRecordReader reader = file.Reader;
        var means = new Means();
        LabRecord? last = null;
        while (reader.TryRead(out ReadOnlyMemory<byte> bytes))
        {
            cancellation.ThrowIfCancellationRequested();
            long index = reader.Records - 1;
            (LabRecord? picture, ReportEvent? other) = Recognise(path, index, bytes);
            if (picture is not null)
            {
                (double luminance, double chroma) = means.Add(picture);
                last = picture;
                if (index < limit)
                {
                    report(new PictureInspected(path, index, picture.Name, picture.Size, luminance, chroma, names.Largest(picture.Embedding)), picture);
                }
            }
            else if (index < limit)
            {
                report(other!, null);
            }
        }

        return new RecordInspected(
            path, new FileInfo(path).Length, ChoiceOption<Packing>.NameOf(file.Packing), reader.Records, means.Pictures, last?.Size, last?.Embedding.Length,
            means.Luminance, means.Chroma, NetworkOf(path));
    }

    private static (LabRecord? Picture, ReportEvent? Other) Recognise(string path, long index, ReadOnlyMemory<byte> bytes)
    {
        Example example;
        try
        {
            example = Example.Parse(bytes);
        }
        catch (ExampleException exception)
        {
            return (null, new OtherInspected(path, index, bytes.Length, Features: null, exception.Message));
        }

        try
        {
            return (LabRecord.From(example), null);
        }
        catch (ExampleException exception)
        {
            var features = example.Features
                .OrderBy(feature => feature.Key, StringComparer.Ordinal)
                .ToDictionary(feature => feature.Key, feature => Kind(feature.Value));
            return (null, new OtherInspected(path, index, bytes.Length, features, exception.Message));
        }
    }

    private static string Kind(Feature feature) => feature switch
    {
        FloatFeature => $"float[{feature.Count}]",
        Int64Feature => $"int64[{feature.Count}]",
        BytesFeature => $"bytes[{feature.Count}]",
        _ => "empty",
    };

    private sealed class Means
    {
        private double _luminance;
        private double _chroma;

        public long Pictures { get; private set; }

        public double? Luminance => Pictures == 0 ? null : _luminance / Pictures;

        public double? Chroma => Pictures == 0 ? null : _chroma / Pictures;

        public (double Luminance, double Chroma) Add(LabRecord picture)
        {
            double luminance = 0, chroma = 0;
            ReadOnlySpan<float> l = picture.Luminance, ab = picture.Ab;
            for (int i = 0; i < l.Length; i++)
            {
                luminance += (l[i] + 1) * 50;
                chroma += 127 * Math.Sqrt((ab[2 * i] * ab[2 * i]) + (ab[(2 * i) + 1] * ab[(2 * i) + 1]));
            }

            (luminance, chroma) = (luminance / l.Length, chroma / l.Length);
            _luminance += luminance;
            _chroma += chroma;
            Pictures++;
            return (luminance, chroma);
        }
    }
}
