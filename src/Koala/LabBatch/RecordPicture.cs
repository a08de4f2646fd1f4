namespace Koalarization.Koala.LabBatch;

/// <summary>A picture that belongs to a record.</summary>
/// <param name="Record">The record.</param>
/// <param name="IsLast">Whether it is the record's last.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Path">Where it is read.</param>
/// <param name="ImageName">How its record names it.</param>
/// <param name="Sha256">What its bytes' hash must be; null where that is not known.</param>
internal sealed record RecordPicture(int Record, bool IsLast, string Name, string Path, string ImageName, string? Sha256)
{
    /// <summary>No picture: the next one may be long in coming.</summary>
    public static RecordPicture Pause { get; } = new(-1, IsLast: false, "", "", "", Sha256: null);

    public bool IsPause => Record < 0;

    /// <summary>What a user can do when the picture is not as it should be.</summary>
    public string HowToMend(string fault) => Sha256 is null
        ? $"{fault}; put it back (or rename it, if its name is no UTF-8), or use --overwrite to begin anew with the pictures that are there."
        : $"{fault}; restore it from a copy (koala verify names all such files), and start again.";
}
