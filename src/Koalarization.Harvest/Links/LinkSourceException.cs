namespace Koalarization.Harvest.Links;

/// <summary>A list of links cannot be read. The message is one sentence for the user.</summary>
public sealed class LinkSourceException : Exception
{
    /// <summary>Names the source and what is wrong with it.</summary>
    public LinkSourceException(string source, string fault, Exception? cause = null)
        : base($"The link list {source} cannot be read: {fault}.", cause)
    {
        ListSource = source;
        Fault = fault;
    }

    /// <summary>The source as the user named it; <c>-</c> is standard input.</summary>
    public string ListSource { get; }

    /// <summary>What is wrong, in a few words.</summary>
    public string Fault { get; }
}
