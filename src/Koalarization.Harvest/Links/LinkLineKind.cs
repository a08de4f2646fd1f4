namespace Koalarization.Harvest.Links;

/// <summary>What a line (a row, an item) of a link list is.</summary>
public enum LinkLineKind
{
    /// <summary>A link.</summary>
    Link,

    /// <summary>Begins with <c>#</c>, in the very first column.</summary>
    Comment,

    /// <summary>Has no words at all.</summary>
    Empty,

    /// <summary>Has words, and none that is a URL.</summary>
    NoUrl,

    /// <summary>Is not UTF-8 (the first reader; later ones take such a line for Windows-1252).</summary>
    NotUtf8,

    /// <summary>Is longer than <see cref="LinkSource.MaxLineBytes"/>.</summary>
    TooLong,

    /// <summary>The names of the columns.</summary>
    Header,

    /// <summary>Has an address that does not say <c>http://</c> or <c>https://</c>: which of the two is not guessed.</summary>
    NoScheme,

    /// <summary>Has a URL of another scheme, such as <c>ftp</c> or <c>data</c>.</summary>
    OtherScheme,

    /// <summary>Is not what its format asks for: no JSON.</summary>
    Malformed,
}
