using System.Collections.Concurrent;
using System.Text;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Verifying;
using Koalarization.Records.Compression;
using Koalarization.Records.Examples;

namespace Koalarization.Dataset.Tests.Verifying;

/// <summary>A folder of two records with two pictures each, as lab-batch leaves it, and what is found when something in it is not so.</summary>
public sealed class RecordVerificationTests : IDisposable
{
    private static readonly RecordParameters Parameters = new()
    {
        Weights = "simulated",
        Precision = "fp32",
        Compatibility = "none",
        Compression = "none",
        PicturesPerRecord = 2,
        ImageNamePrefix = "data/resized/",
        CodecFingerprint = "codec",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_folder_is_right()
    {
        Write();
        (VerifyTotals totals, Finding[] findings) = Verify();
        Assert.Empty(findings);
        Assert.Equal((2, 4, 0, 0), (totals.Records, totals.Pictures, totals.Problems, totals.Notes));
    }

    [Fact]
    public void Pictures_that_changed_places_are_named_with_their_places()
    {
        Write(names: ["b.jpeg", "a.jpeg", "c.jpeg", "d.jpeg"]);
        Finding[] findings = Verify().Findings;
        Assert.All(findings, finding => Assert.Equal(FindingKind.WrongPicture, finding.Kind));
        Assert.Equal(["lab_images_0.tfrecord, picture 0", "lab_images_0.tfrecord, picture 1"], findings.Select(finding => finding.Name));
        Assert.Equal("is data/resized/b.jpeg, not data/resized/a.jpeg", findings[0].Detail);
    }

    [Theory]
    [InlineData(0, float.NaN)]
    [InlineData(0, 1.01f)]
    [InlineData(1, float.PositiveInfinity)]
    [InlineData(1, 0.78f)]
    [InlineData(2, -0.86f)]
    [InlineData(3, float.NegativeInfinity)]
    public void A_number_that_no_picture_gives_is_named(int feature, float value)
    {
        Write(change: (place, example) =>
        {
            if (place == 3)
            {
                Span<float> floats = feature switch { 0 => example.Luminance, 3 => example.Embedding, _ => example.Ab };
                floats[feature == 2 ? 11 : 10] = value;
            }
        });
        Finding finding = Assert.Single(Verify().Findings, finding => finding.Kind == FindingKind.OutOfRange);
        Assert.Equal("lab_images_1.tfrecord, picture 1", finding.Name);
    }

    [Fact]
    public void A_picture_of_another_size_is_named()
    {
        Write(sizes: [299, 299, 64, 299]);
        Finding finding = Assert.Single(Verify().Findings);
        Assert.Equal((FindingKind.WrongShape, "lab_images_1.tfrecord, picture 0"), (finding.Kind, finding.Name));
    }

    [Fact]
    public void A_flipped_bit_is_damaged_and_changed_wherever_it_is()
    {
        Write();
        byte[] whole = File.ReadAllBytes(_folder["lab_images_1.tfrecord"]);
        foreach (int at in (int[])[3, 10, 100, whole.Length / 2, whole.Length - 1])
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x10;
            File.WriteAllBytes(_folder["lab_images_1.tfrecord"], changed);
            FindingKind[] kinds = [.. Verify().Findings.Select(finding => finding.Kind).Order()];
            Assert.Equal([FindingKind.Changed, FindingKind.Damaged], kinds);
        }
    }

    [Fact]
    public void Records_that_changed_names_are_swapped()
    {
        Write();
        File.Move(_folder["lab_images_0.tfrecord"], _folder["x"]);
        File.Move(_folder["lab_images_1.tfrecord"], _folder["lab_images_0.tfrecord"]);
        File.Move(_folder["x"], _folder["val_lab_images_1.tfrecord"]);
        Finding[] findings = Verify().Findings;
        Assert.Equal(
            ["lab_images_0.tfrecord holds record 1", "val_lab_images_1.tfrecord holds record 0"],
            findings.Where(finding => finding.Kind == FindingKind.Swapped).Select(finding => $"{finding.Name} {finding.Detail}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_missing_extra_twice_there_and_left_over_is_named()
    {
        Write();
        File.Delete(_folder["lab_images_0.tfrecord"]);
        File.Copy(_folder["lab_images_1.tfrecord"], _folder["val_lab_images_1.tfrecord"]);
        File.Copy(_folder["lab_images_1.tfrecord"], _folder["lab_images_5.tfrecord"]);
        Directory.CreateDirectory(_folder[".koala/tmp/another"]);
        File.WriteAllText(_folder[".koala/records/1.aa.data"], "");
        File.WriteAllText(_folder["lab_images_05.tfrecord"], "");
        Assert.Equal(
            [
                (FindingKind.Missing, "lab_images_0.tfrecord"), (FindingKind.Extra, "lab_images_05.tfrecord"), (FindingKind.Extra, "lab_images_5.tfrecord"),
                (FindingKind.TwoNames, "lab_images_1.tfrecord"), (FindingKind.Temporary, ".koala/records/1.aa.data"), (FindingKind.Temporary, ".koala/tmp/another"),
            ],
            Verify().Findings.Select(finding => (finding.Kind, finding.Name)).OrderBy(finding => finding.Kind).ThenBy(finding => finding.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void A_record_that_is_committed_and_has_no_name_yet_is_half_committed()
    {
        Write();
        string sha256 = RecordManifest.Find(new FileDataStore(_folder.Path), 0)!.Sha256;
        File.Move(_folder["lab_images_0.tfrecord"], _folder[$".koala/records/0.{sha256}.data"]);
        Finding finding = Assert.Single(Verify().Findings);
        Assert.Equal((FindingKind.HalfCommitted, "lab_images_0.tfrecord"), (finding.Kind, finding.Name));
    }

    [Fact]
    public void A_quick_look_sees_sizes_and_no_contents()
    {
        Write();
        byte[] whole = File.ReadAllBytes(_folder["lab_images_1.tfrecord"]);
        whole[100] ^= 1;
        File.WriteAllBytes(_folder["lab_images_1.tfrecord"], whole);
        Assert.Empty(Verify(isQuick: true).Findings);
        File.WriteAllBytes(_folder["lab_images_1.tfrecord"], whole[..^1]);
        Assert.Equal(FindingKind.Changed, Assert.Single(Verify(isQuick: true).Findings).Kind);
    }

    [Fact]
    public void A_planned_record_that_is_not_written_is_unfinished()
    {
        Write(records: 1);
        Finding finding = Assert.Single(Verify().Findings);
        Assert.Equal((FindingKind.Unfinished, "lab_images_1.tfrecord"), (finding.Kind, finding.Name));
    }

    [Fact]
    public void Upstreams_own_records_need_no_manifest()
    {
        File.Copy(Golden.PathOf("records/upstream_224_lab_images_0.tfrecord"), _folder["lab_images_0.tfrecord"]);
        File.Copy(Golden.PathOf("records/docs_299_lab_images_0.tfrecord"), _folder["val_lab_images_2.tfrecord"]);
        (VerifyTotals totals, Finding[] findings) = Verify();
        Assert.Equal((FindingKind.Missing, "lab_images_1.tfrecord"), (Assert.Single(findings).Kind, findings[0].Name));
        Assert.Equal(3, totals.Pictures);
    }

    private (VerifyTotals Totals, Finding[] Findings) Verify(bool isQuick = false)
    {
        var findings = new ConcurrentQueue<Finding>();
        VerifyTotals totals = new RecordVerification(RecordHome.Of(_folder.Path), isQuick, parallel: 2).Run(findings.Enqueue, _ => { }, CancellationToken.None);
        Assert.Equal(findings.Count, totals.Problems + totals.Notes);
        return (totals, [.. findings.OrderBy(finding => finding.Name, StringComparer.Ordinal)]);
    }

    private void Write(string[]? names = null, int[]? sizes = null, Action<int, LabExampleBuffer>? change = null, int records = 2)
    {
        using WorkFolder work = WorkFolder.Open(_folder.Path);
        BatchPlan.Fix(work.Store, Parameters, ["a.jpeg", "b.jpeg", "c.jpeg", "d.jpeg"]);
        var set = new RecordSet(work.Store, RecordLayout.OfFolder);
        for (int record = 0; record < records; record++)
        {
            using RecordAssembler file = set.NewRecord(record, RecordCompression.None);
            for (int place = 2 * record; place < (2 * record) + 2; place++)
            {
                var example = new LabExampleBuffer(sizes?[place] ?? 299, 1001);
                example.Begin(Encoding.UTF8.GetBytes("data/resized/" + (names ?? ["a.jpeg", "b.jpeg", "c.jpeg", "d.jpeg"])[place]));
                example.Luminance.Fill(0.1f * place);
                example.Ab.Fill(-0.1f * place);

                // A manifest holds no NaN.
                PictureColours colours = PictureColours.Of(example.Luminance, example.Ab);
                change?.Invoke(place, example);
                file.Append(example.Record.Span, colours);
            }

            file.Commit(Parameters.Key());
        }
    }
}
