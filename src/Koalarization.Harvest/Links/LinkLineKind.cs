namespace Koalarization.Harvest.Links;

/// <summary>What a line of a link list is.</summary>
public enum LinkLineKind
{
    /// <summary>A link: the last word begins with <c>http</c>.</summary>
    Link,

    /// <summary>Begins with <c>#</c>, in the very first column.</summary>
    Comment,

    /// <summary>Has no words at all.</summary>
    Empty,

    /// <summary>Has words, but the last one does not begin with <c>http</c> (lower case).</summary>
    NoUrl,

    /// <summary>Is not UTF-8.</summary>
    NotUtf8,

    /// <summary>Is longer than <see cref="LinkSource.MaxLineBytes"/>.</summary>
    TooLong,
}
