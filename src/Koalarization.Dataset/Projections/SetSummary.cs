using System.Globalization;
using System.Text.Json.Serialization;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Dataset.Projections;

/// <summary><c>dataset.json</c>: what a data set is, in all, for a person and for a training script.</summary>
/// <param name="Links">Links, each name once.</param>
/// <param name="Pictures">Links with a picture.</param>
/// <param name="Outcomes">Links by their latest outcome; <c>open</c> for those without one.</param>
/// <param name="RecordedPictures">Pictures in records.</param>
/// <param name="Records">The records, by number.</param>
/// <param name="Progress">How far the set was when this was written.</param>
/// <param name="L">Mean and deviation of L (0..100) over all pixels of all records; null without records.</param>
/// <param name="A">Of a.</param>
/// <param name="B">Of b.</param>
/// <param name="Job">What fetching and resizing are done with.</param>
/// <param name="Network">What records are made with; null without records.</param>
/// <param name="PipelineKey">Hash of all that changes a record's numbers; null without records.</param>
/// <param name="RepeatedOriginals">Originals that many links gave, mostly what hosts answer in place of a picture that is gone.</param>
/// <param name="Version">The program that wrote this.</param>
/// <param name="HowToRead">What the features of an Example are.</param>
internal sealed record SetSummary(
    long Links, long Pictures, IReadOnlyDictionary<string, long> Outcomes, long RecordedPictures, IReadOnlyList<RecordLine> Records,
    SetProgress Progress, MeanAndDeviation? L, MeanAndDeviation? A, MeanAndDeviation? B, JobParameters Job, NetworkParameters? Network, string? PipelineKey,
    IReadOnlyList<RepeatedOriginal> RepeatedOriginals, string Version, IReadOnlyDictionary<string, string> HowToRead)
{
    /// <summary>Pictures by the name of their colour profile, which is not applied; null: a data set of the first rule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? Profiles { get; init; }

    /// <summary>Pictures by how EXIF says that they are to be turned, which is not done; null: a data set of the first rule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? Orientations { get; init; }

    private static readonly SortedDictionary<string, string> Features = new(StringComparer.Ordinal)
    {
        ["image_name"] = "bytes: the picture's path",
        ["image_l"] = "float [S, S], row by row: 2 L / 100 - 1",
        ["image_ab"] = "float [S, S, 2], interleaved: a / 127, b / 127",
        ["image_embedding"] = "float [1001]: logits of Inception-ResNet-v2 of the gray picture; 0 is background",
        ["files"] = "tfrecords/lab_images_K.tfrecord; those for validation are named val_lab_images_K.tfrecord",
    };

    /// <summary>Sums a data set up.</summary>
    public static SetSummary Of(IDataStore store, SetCounts counts)
    {
        JobParameters job = JobParameters.Find(store)!;
        NetworkParameters? network = NetworkParameters.Find(store);
        IReadOnlyList<RecordManifest> records = RecordManifests.ReadAll(store);
        ColourStatistics colours = records.Aggregate(ColourStatistics.None, (sum, record) => sum + record.Statistics);
        bool any = colours.Pixels > 0;
        return new SetSummary(
            counts.Links, counts.Kept, counts.Outcomes, records.Sum(record => (long)record.Pictures), [.. records.Select(RecordLine.Of)],
            SetProgress.Of(store),
            any ? MeanAndDeviation.Of(colours.Sums.L, colours.Squares.L, colours.Pixels) : null,
            any ? MeanAndDeviation.Of(colours.Sums.A, colours.Squares.A, colours.Pixels) : null,
            any ? MeanAndDeviation.Of(colours.Sums.B, colours.Squares.B, colours.Pixels) : null,
            job, network, network?.KeyWith(job), counts.Repeated, $"koala {typeof(SetSummary).Assembly.GetName().Version!.ToString(3)}", Features)
        {
            Profiles = job.Rule >= PictureRule.EveryBlock ? counts.Profiles : null,
            Orientations = job.Rule >= PictureRule.EveryBlock ? counts.Orientations : null,
        };
    }
}

/// <summary>One record of a data set.</summary>
/// <param name="Record">Its number.</param>
/// <param name="Pictures">Its pictures.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash.</param>
/// <param name="LeftOut">Names of pictures that it should have and has not.</param>
internal sealed record RecordLine(int Record, int Pictures, long Bytes, string Sha256, IReadOnlyList<string> LeftOut)
{
    public static RecordLine Of(RecordManifest record) =>
        new(record.Record, record.Pictures, record.Bytes, record.Sha256, [.. record.LeftOut.Select(picture => picture.Name)]);
}

/// <summary>Of a number over many pixels, to six significant digits.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation.</param>
internal sealed record MeanAndDeviation(double Mean, double Deviation)
{
    public static MeanAndDeviation Of(double sum, double squares, long count)
    {
        double mean = sum / count;
        return new(Rounded(mean), Rounded(Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)))));
    }

    private static double Rounded(double value) =>
        double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
