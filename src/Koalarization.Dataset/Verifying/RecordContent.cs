using System.Security.Cryptography;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Dataset.Verifying;

/// <summary>Reads one record to its end and compares it with what it should hold.</summary>
internal sealed class RecordContent(Inspection inspection)
{
    private const int Logits = 1001;
    // Sums of the same numbers in the same order; this is for how JSON rounds.
    private const double Rounding = 1e-9;

    /// <summary>Looks at a record.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expected">What it should hold.</param>
    /// <returns>Its hash, and how many pictures could be read.</returns>
    public (string Sha256, long Pictures) Check(string name, ExpectedRecord expected)
    {
        using Stream file = inspection.Store.Open(name);
        using var hashing = new HashingInput(file);
        using var reader = new TFRecordReader(hashing, name);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ColourStatistics colours = ColourStatistics.None;
        int? size = expected.Size;
        bool isWhole = false;
        try
        {
            while (reader.TryRead(out ReadOnlyMemory<byte> record))
            {
                int index = (int)reader.Records - 1;
                if (Parse(name, index, record) is LabRecord picture)
                {
                    CheckName(name, index, picture.Name, expected, seen);
                    CheckNumbers(name, index, picture, ref size);
                    PictureColours its = PictureColours.Of(picture.Luminance, picture.Ab);
                    CheckChroma(name, index, its.Chroma, expected.Manifest);
                    colours += its.Statistics;
                }

                inspection.Advance(1);
            }

            isWhole = true;
        }
        catch (TFRecordException damage)
        {
            // The finding has the name already.
            inspection.Add(FindingKind.Damaged, name, damage.Message.Replace($"{name}, ", "", StringComparison.Ordinal));
        }

        if (isWhole)
        {
            CheckWhole(name, reader.Records, colours, expected);
        }

        return (hashing.Sha256(), reader.Records);
    }

    private static bool Near(double one, double other) => Math.Abs(one - other) <= Rounding * Math.Max(1, Math.Abs(other));

    private static bool Near(LabSums one, LabSums other) => Near(one.L, other.L) && Near(one.A, other.A) && Near(one.B, other.B);

    private LabRecord? Parse(string name, int index, ReadOnlyMemory<byte> record)
    {
        try
        {
            return LabRecord.Parse(record);
        }
        catch (ExampleException exception)
        {
            inspection.Add(FindingKind.WrongShape, PictureAt(name, index), exception.Message);
            return null;
        }
    }

    private void CheckName(string name, int index, string picture, ExpectedRecord expected, HashSet<string> seen)
    {
        if (expected.Names is IReadOnlyList<string> names && index < names.Count && !string.Equals(names[index], picture, StringComparison.Ordinal))
        {
            inspection.Add(FindingKind.WrongPicture, PictureAt(name, index), $"is {picture}, not {names[index]}");
        }

        if (!seen.Add(picture))
        {
            inspection.Add(FindingKind.WrongPicture, PictureAt(name, index), $"{picture} is in this record before");
        }
    }

    private void CheckNumbers(string name, int index, LabRecord picture, ref int? size)
    {
        // Without anything that says the size, the record's first picture does.
        int wanted = size ??= picture.Size == PreparedPicture.OriginalSize ? PreparedPicture.OriginalSize : PreparedPicture.Size;
        if (picture.Size != wanted || picture.Embedding.Length != Logits)
        {
            inspection.Add(
                FindingKind.WrongShape, PictureAt(name, index),
                $"is {picture.Size}x{picture.Size} with {picture.Embedding.Length} logits, not {wanted}x{wanted} with {Logits}");
        }

        if (ColourBounds.Outside(picture.Luminance, picture.Ab, picture.Embedding) is string outside)
        {
            inspection.Add(FindingKind.OutOfRange, PictureAt(name, index), $"{outside}, which no picture gives");
        }
    }

    private void CheckChroma(string name, int index, double chroma, RecordManifest? manifest)
    {
        if (manifest is not null && index < manifest.Chroma.Count && !Near(chroma, manifest.Chroma[index]))
        {
            inspection.Add(FindingKind.Contradiction, PictureAt(name, index), $"its mean chroma is {chroma}, and {manifest.Chroma[index]} in {RecordLayout.Manifest(manifest.Record)}");
        }
    }

    private void CheckWhole(string name, long pictures, ColourStatistics colours, ExpectedRecord expected)
    {
        long? wanted = expected.Manifest?.Pictures ?? expected.Names?.Count;
        if (wanted is long count && pictures != count)
        {
            inspection.Add(FindingKind.WrongCount, name, $"holds {Amount.Of(pictures, "picture")}, not {count:N0}");
        }
        else if (expected.Manifest is RecordManifest manifest
            && !(manifest.Statistics.Pixels == colours.Pixels && Near(manifest.Statistics.Sums, colours.Sums) && Near(manifest.Statistics.Squares, colours.Squares)))
        {
            inspection.Add(FindingKind.Contradiction, name, $"its colours are not those that {RecordLayout.Manifest(manifest.Record)} has");
        }
    }

    private static string PictureAt(string name, int index) => $"{name}, picture {index}";

    /// <summary>Hashes what is read through it, so that a file is read once for its hash and its content.</summary>
    private sealed class HashingInput(Stream inner) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        /// <summary>The hash of the whole file, lower-case hex: what was not read yet is read now. Asked for once.</summary>
        public string Sha256()
        {
            byte[] rest = new byte[1 << 16];
            while (Read(rest) > 0)
            {
                // Reading hashes.
            }

            return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }

        public override int Read(Span<byte> buffer)
        {
            int read = inner.Read(buffer);
            _hash.AppendData(buffer[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
