namespace Koalarization.Pipeline.Jobs;

/// <summary>How far a job goes.</summary>
public enum JobEnd
{
    /// <summary>Originals.</summary>
    Download,

    /// <summary>Originals and resized pictures.</summary>
    Resize,

    /// <summary>Records.</summary>
    Records,
}
