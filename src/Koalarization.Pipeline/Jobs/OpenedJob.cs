using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Pipeline.Jobs;

/// <summary>A job whose data set is open.</summary>
/// <param name="Job">The job.</param>
/// <param name="Spec">What was asked for.</param>
/// <param name="Epoch">The epoch that was published for it.</param>
/// <param name="Parameters">What fetching and resizing are done with.</param>
/// <param name="Network">What records are made with; null while that is open.</param>
/// <param name="Rounds">The rounds that are not closed, in order; their ledgers know which slices are resolved and which records written.</param>
/// <param name="Outcomes">Links by outcome, of the resolved slices of these rounds.</param>
internal sealed record OpenedJob(
    JobId Job, JobSpec Spec, long Epoch, JobParameters Parameters, NetworkParameters? Network, IReadOnlyList<OpenRound> Rounds,
    IReadOnlyDictionary<string, long> Outcomes)
{
    /// <summary>Links of these rounds.</summary>
    public required long Links { get; init; }

    /// <summary>Links of the slices that are not resolved.</summary>
    public long LinksLeft => Rounds.Sum(round => round.Ledger.OpenSlices().Sum(slice => (long)round.Plan.LinksOf(slice)));

    /// <summary>How often slices of these rounds were lost with the process that worked on them.</summary>
    public IReadOnlyDictionary<(int Round, int Slice), int> Losses { get; init; } = new Dictionary<(int, int), int>();

    /// <summary>A job whose parameters are fixed: reads what is left of its rounds, or begins another one. Touches the disk.</summary>
    /// <param name="job">The job.</param>
    /// <param name="spec">What is asked for.</param>
    /// <param name="epoch">The epoch that was published for it.</param>
    /// <param name="parameters">What fetching and resizing are done with.</param>
    /// <param name="picturesPerRecord">Pictures in a record where that is not fixed; null: the default.</param>
    /// <param name="store">The data set.</param>
    /// <param name="written">The records that are committed; null: no records are asked for.</param>
    /// <param name="note">Called with what a user should know.</param>
    public static OpenedJob Read(
        JobId job, JobSpec spec, long epoch, JobParameters parameters, int? picturesPerRecord, FileDataStore store, IReadOnlySet<int>? written,
        Action<string> note, CancellationToken cancellation)
    {
        NetworkParameters? network = NetworkParameters.Find(store);
        IReadOnlyList<OpenRound> rounds = new RoundOpening(
            spec, store, network?.PicturesPerRecord ?? picturesPerRecord ?? NetworkParameters.DefaultPicturesPerRecord,
            written is null ? null : written.Contains, note).Open(cancellation);
        return new OpenedJob(
            job, spec, epoch, parameters, network,
            [.. rounds.Select(round => round with { Ledger = round.Ledger.WithWritten(written ?? new HashSet<int>()) })],
            Sum(rounds.Select(round => round.Outcomes)))
        {
            Links = rounds.Sum(round => round.Plan.Links),
            Losses = LossesOf(store, rounds),
        };
    }

    /// <summary>How often slices of some rounds were lost. Touches the disk.</summary>
    public static IReadOnlyDictionary<(int Round, int Slice), int> LossesOf(IDataStore store, IEnumerable<OpenRound> rounds) =>
        rounds.SelectMany(round => OwnerScratch.Losses(store, round.Plan.Round).Select(loss => (Slice: (round.Plan.Round, loss.Key), Times: loss.Value)))
            .ToDictionary(loss => loss.Slice, loss => loss.Times);

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> rounds) =>
        rounds.SelectMany(outcomes => outcomes)
            .GroupBy(outcome => outcome.Key, StringComparer.Ordinal)
            .ToDictionary(outcome => outcome.Key, outcome => outcome.Sum(links => links.Value), StringComparer.Ordinal);
}
