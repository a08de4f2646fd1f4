namespace Koalarization.Koala.Pages;

/// <summary>How a paragraph looks.</summary>
internal enum PageTone
{
    Plain,

    /// <summary>What explains.</summary>
    Soft,

    /// <summary>What the reader should know.</summary>
    Warn,

    /// <summary>What is damaged.</summary>
    Bad,
}
