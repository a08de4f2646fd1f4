namespace Koalarization.Harvest.Links;

/// <summary>What bounds a list behind a URL that is read for someone else than the user of this machine.</summary>
/// <param name="AllowPrivate">Whether it may be at an address that is not of the open web.</param>
/// <param name="MaxBytes">Bytes that it has at most, as they come.</param>
public sealed record RemoteListLimits(bool AllowPrivate, long MaxBytes = RemoteListLimits.DefaultMaxBytes)
{
    /// <summary>The bytes of a list of some 40 million links.</summary>
    public const long DefaultMaxBytes = 4L << 30;
}
