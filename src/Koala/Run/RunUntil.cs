namespace Koalarization.Koala.Run;

/// <summary>How far a run goes.</summary>
internal enum RunUntil
{
    /// <summary>To the originals.</summary>
    Download,

    /// <summary>To the resized pictures.</summary>
    Resize,

    /// <summary>To the TFRecords.</summary>
    Records,
}
