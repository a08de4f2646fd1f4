using System.Collections.Immutable;

namespace Koalarization.Harvest;

/// <summary>The last signs, and how many of them are suspicious. Immutable.</summary>
internal sealed record SignWindow
{
    /// <summary>Signs that are looked at.</summary>
    public const int Length = 200;

    /// <summary>Suspicious ones in a row that are looked into at once.</summary>
    public const int AlarmingRow = 20;

    private ImmutableQueue<bool> Signs { get; init; } = [];

    public static SignWindow Empty { get; } = new();

    public int Count { get; private init; }

    public int Suspicious { get; private init; }

    /// <summary>How many of the last were suspicious without any other between.</summary>
    public int Run { get; private init; }

    /// <summary>Whether more than half of a whole window are suspicious, however few the others are yet.</summary>
    public bool IsAlarming => Suspicious > Length / 2;

    /// <summary>Whether so many in a row are suspicious as a list of which half is dead does once in a million times.</summary>
    public bool IsRow => Run >= AlarmingRow;

    /// <summary>Whether more than half of what there is are suspicious.</summary>
    public bool IsMostlySuspicious => Suspicious > Count / 2;

    public SignWindow With(bool suspicious)
    {
        bool oldest = false;
        ImmutableQueue<bool> kept = Count < Length ? Signs : Signs.Dequeue(out oldest);
        return new SignWindow
        {
            Signs = kept.Enqueue(suspicious),
            Count = Math.Min(Count + 1, Length),
            Run = suspicious ? Run + 1 : 0,
            Suspicious = Suspicious + (suspicious ? 1 : 0) - (oldest ? 1 : 0),
        };
    }
}
