using System.Globalization;
using System.Text.Json.Serialization;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.State;

/// <summary>A round has begun: its plan is whole.</summary>
/// <param name="Round">The round's number, from 1.</param>
/// <param name="Links">Links of the round.</param>
/// <param name="Slices">Slices that they are cut into.</param>
public sealed record RoundOpened(int Round, long Links, int Slices)
{
    /// <summary>
    /// How its links are fetched, for as long as it lasts; null: an earlier version began it, and whoever continues it fetches by his own
    /// options.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FetchRules? Fetch { get; init; }
}

/// <summary>A round is over: all that it made is durable.</summary>
/// <param name="Round">The round's number.</param>
/// <param name="Survivors">Links whose pictures were kept.</param>
/// <param name="FirstRecord">The number of the round's first record.</param>
/// <param name="Records">Records of the round.</param>
public sealed record RoundClosed(int Round, long Survivors, int FirstRecord, int Records);

/// <summary>The rounds of a data set, as their files say it.</summary>
public static class RoundFiles
{
    /// <summary>The rounds that were begun, in order; each with its end, where it is over.</summary>
    /// <exception cref="InvalidDataException">A round's files are not what this program wrote, or a round is missing.</exception>
    public static IReadOnlyList<(RoundOpened Opened, RoundClosed? Closed)> Read(IDataStore store)
    {
        var rounds = new List<(RoundOpened, RoundClosed?)>();
        int count = store.List(DataLayout.Rounds).Count(name => name.EndsWith(".open.json", StringComparison.Ordinal));
        for (int round = 1; round <= count; round++)
        {
            RoundOpened opened = StateFile.Find<RoundOpened>(store, DataLayout.RoundOpen(round))
                ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{DataLayout.RoundOpen(round)} is missing, and a later round is there."));
            rounds.Add((opened, StateFile.Find<RoundClosed>(store, DataLayout.RoundClosed(round))));
        }

        return rounds;
    }

    /// <summary>Records that a round's plan is complete.</summary>
    public static void Open(IDataStore store, RoundOpened opened) => StateFile.Fix(store, DataLayout.RoundOpen(opened.Round), opened);

    /// <summary>Records that a round is over.</summary>
    public static void Close(IDataStore store, RoundClosed closed) => StateFile.Fix(store, DataLayout.RoundClosed(closed.Round), closed);
}
