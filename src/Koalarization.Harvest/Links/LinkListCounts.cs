using System.Globalization;
using System.Text.Json;

namespace Koalarization.Harvest.Links;

/// <summary>How many lines of each kind a list had, so far, and the first of those that give no link. Written by one reader, read by anyone.</summary>
public sealed class LinkListCounts
{
    /// <summary>Examples that are kept.</summary>
    public const int MaxExamples = 10;

    private const int ExampleLength = 80;
    private const int ExamplesInSentence = 3;

    private static readonly (LinkLineKind Kind, string Reason)[] UnusableKinds =
    [
        (LinkLineKind.NoUrl, "without a URL"),
        (LinkLineKind.NoScheme, "without http:// or https://, which are not guessed"),
        (LinkLineKind.OtherScheme, "of another scheme than http and https"),
        (LinkLineKind.Malformed, "not JSON"),
        (LinkLineKind.NotUtf8, "not UTF-8"),
        (LinkLineKind.TooLong, "too long"),
    ];

    private readonly long[] _lines = new long[Enum.GetValues<LinkLineKind>().Length];
    private readonly List<UnusableLine> _examples = [];
    private readonly Lock _gate = new();
    private long _recoded;

    /// <summary>The number of lines of a kind; for links also those that were skipped.</summary>
    public long this[LinkLineKind kind] => Interlocked.Read(ref _lines[(int)kind]);

    /// <summary>Lines that a user probably meant as links and that give none.</summary>
    public long Unusable => UnusableKinds.Sum(unusable => this[unusable.Kind]);

    /// <summary>Lines that are not UTF-8 and were taken for Windows-1252.</summary>
    public long Recoded => Interlocked.Read(ref _recoded);

    /// <summary>The first unusable lines, <see cref="MaxExamples"/> at most.</summary>
    public IReadOnlyList<UnusableLine> Examples
    {
        get
        {
            lock (_gate)
            {
                return [.. _examples];
            }
        }
    }

    /// <summary>Unusable lines by reason; what did not occur is left out.</summary>
    public IReadOnlyDictionary<LinkLineKind, long> UnusableByKind =>
        UnusableKinds.Where(unusable => this[unusable.Kind] > 0).ToDictionary(unusable => unusable.Kind, unusable => this[unusable.Kind]);

    /// <summary>What gives no link, in one sentence; null when there is nothing to tell.</summary>
    public string? UnusableSentence
    {
        get
        {
            if (Unusable == 0)
            {
                return null;
            }

            string reasons = string.Join(", ", UnusableByKind.Select(count => $"{count.Value.ToString("N0", CultureInfo.InvariantCulture)} {ReasonOf(count.Key)}"));
            string examples = string.Join("; ", Examples.Take(ExamplesInSentence).Select(line => $"line {line.Line}: {line.Text}"));
            string lines = Unusable == 1 ? "1 line of the list holds" : $"{Unusable.ToString("N0", CultureInfo.InvariantCulture)} lines of the list hold";
            return $"{lines} no link: {reasons} ({examples}).";
        }
    }

    /// <summary>Why lines of a kind give no link, in words that follow their number.</summary>
    public static string ReasonOf(LinkLineKind kind) => UnusableKinds.First(unusable => unusable.Kind == kind).Reason;

    /// <summary>The name of a kind in JSON: <c>no_scheme</c>.</summary>
    public static string NameOf(LinkLineKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    internal void Add(LinkLineKind kind) => Interlocked.Increment(ref _lines[(int)kind]);

    internal void Add(LinkLineKind kind, long line, ReadOnlySpan<char> text)
    {
        Add(kind);
        if (kind is LinkLineKind.Link or LinkLineKind.Comment or LinkLineKind.Empty or LinkLineKind.Header)
        {
            return;
        }

        lock (_gate)
        {
            if (_examples.Count < MaxExamples)
            {
                _examples.Add(new UnusableLine(line, kind, Excerpt(text)));
            }
        }
    }

    internal void AddRecoded() => Interlocked.Increment(ref _recoded);

    /// <summary>The beginning of a text, as it may be shown on a terminal.</summary>
    internal static string Excerpt(ReadOnlySpan<char> text)
    {
        bool isCut = text.Length > ExampleLength;
        string shown = string.Concat(text[..Math.Min(text.Length, ExampleLength)].ToArray().Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return isCut ? shown + "..." : shown.Length == 0 ? "(empty)" : shown;
    }
}

/// <summary>A line of a list that gives no link.</summary>
/// <param name="Line">Its number from 1; in a JSON array or a Parquet file the item's.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">Its beginning.</param>
public sealed record UnusableLine(long Line, LinkLineKind Reason, string Text);
