namespace Koalarization.Dataset.Composition;

/// <summary>Which of the original's two descriptions of a record is followed.</summary>
public enum RecordCompatibility
{
    /// <summary>As the original's documentation says: 299 x 299 pictures.</summary>
    None,

    /// <summary>As the original's code does: pictures rescaled to 224 x 224 before their colours are taken; the network sees 299 x 299 all the same.</summary>
    Original,
}
