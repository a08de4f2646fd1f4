using System.Globalization;

namespace Koalarization.Dataset.Storage;

/// <summary>Every name of a data set's folder, in one place. K is a record's number, R a round's (from 1), S a slice's (from 0).</summary>
public sealed class DataLayout
{
    /// <summary>What the program keeps beside the results.</summary>
    public const string State = ".koala";

    /// <summary>The pictures as they were fetched.</summary>
    public const string Originals = "original";

    /// <summary>The pictures at their final size.</summary>
    public const string Resized = "resized";

    /// <summary>The TFRecords.</summary>
    public const string Records = "tfrecords";

    /// <summary>What the set is, in all: a view.</summary>
    public const string Summary = "dataset.json";

    /// <summary>One row for each link: a view.</summary>
    public const string Index = "index.csv";

    /// <summary>What fetching and resizing are done with.</summary>
    public const string Job = State + "/job.json";

    /// <summary>What records are made with.</summary>
    public const string Network = State + "/network.json";

    /// <summary>The rounds' beginnings and ends.</summary>
    public const string Rounds = State + "/rounds";

    /// <summary>The records' manifests, and their contents until they have their final names.</summary>
    public const string RecordManifests = State + "/records";

    /// <summary>Who had the data set in work, by epoch.</summary>
    public const string Owners = State + "/owner";

    /// <summary>Temporary spaces: a folder for each round, and in it one for each owner.</summary>
    public const string Temporary = State + "/tmp";

    /// <param name="fansOut">Whether picture folders have a folder for each first two digits of the pictures' names.</param>
    public DataLayout(bool fansOut) => FansOut = fansOut;

    /// <summary>Whether picture folders have a folder for each first two digits of the pictures' names.</summary>
    public bool FansOut { get; }

    /// <summary><c>rounds/R.open.json</c>: published when the round's plan is whole.</summary>
    public static string RoundOpen(int round) => Invariant($"{Rounds}/{round}.open.json");

    /// <summary><c>rounds/R.closed.json</c>: published when all that the round makes is durable.</summary>
    public static string RoundClosed(int round) => Invariant($"{Rounds}/{round}.closed.json");

    /// <summary><c>plan/R/links.jsonl</c>: the round's links by name, one a line.</summary>
    public static string PlanLinks(int round) => Invariant($"{State}/plan/{round}/links.jsonl");

    /// <summary><c>plan/R/index.json</c>: where in <see cref="PlanLinks"/> each slice begins.</summary>
    public static string PlanIndex(int round) => Invariant($"{State}/plan/{round}/index.json");

    /// <summary><c>fetched/R</c>.</summary>
    public static string FetchedFolder(int round) => Invariant($"{State}/fetched/{round}");

    /// <summary><c>fetched/R/SSSSSS.json</c>: what fetching alone made of a slice.</summary>
    public static string Fetched(int round, int slice) => Invariant($"{FetchedFolder(round)}/{slice:D6}.json");

    /// <summary><c>slices/R</c>.</summary>
    public static string SliceFolder(int round) => Invariant($"{State}/slices/{round}");

    /// <summary><c>slices/R/SSSSSS.json</c>: the commit of a slice's links.</summary>
    public static string Slice(int round, int slice) => Invariant($"{SliceFolder(round)}/{slice:D6}.json");

    /// <summary><c>losses/R</c>.</summary>
    public static string LossFolder(int round) => Invariant($"{State}/losses/{round}");

    /// <summary><c>losses/R/SSSSSS.OWNER</c>: a process that worked on the slice ended without saying so.</summary>
    public static string Loss(int round, int slice, string owner) => Invariant($"{LossFolder(round)}/{slice:D6}.{owner}");

    /// <summary><c>owner/EPOCH.json</c>: an owner takes the data set over.</summary>
    public static string Owner(long epoch) => Invariant($"{Owners}/{epoch}.json");

    /// <summary><c>tmp/R</c>; R is 0 for work on the data set as a whole.</summary>
    public static string TemporaryOf(int round) => Invariant($"{Temporary}/{round}");

    /// <summary>The name of a picture's original.</summary>
    public string Original(string picture) => Picture(Originals, picture);

    /// <summary>The name of a resized picture.</summary>
    public string ResizedPicture(string picture) => Picture(Resized, picture);

    /// <summary>The folders, below one of pictures, that hold some of these pictures.</summary>
    public IEnumerable<string> FoldersOf(string folder, IEnumerable<string> pictures) =>
        FansOut ? pictures.Select(picture => FanOf(folder, picture)).Distinct(StringComparer.Ordinal) : [folder];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string FanOf(string folder, string picture) => $"{folder}/{picture[..Math.Min(2, picture.Length)]}";

    private string Picture(string folder, string picture) => $"{(FansOut ? FanOf(folder, picture) : folder)}/{picture}";
}
