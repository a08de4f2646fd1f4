using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Wording;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.LabBatch;

/// <summary>Tells a folder of originals from one of resized pictures, before anything is written.</summary>
/// <param name="codec">The JPEG library.</param>
/// <param name="source">The folder.</param>
internal sealed class ResizedCheck(IJpegCodec codec, string source)
{
    // A few pictures of another size among many are left out by name, as any bad picture is.
    private const int PicturesLookedAt = 64;
    private const int WrongOfFour = 3;
    private const string WrongSize = "wrong_size";

    /// <summary>Refuses the folder where most of its pictures have another size, or none is a picture.</summary>
    /// <exception cref="UserErrorException">It holds other pictures.</exception>
    public void RefuseOthers(IReadOnlyList<string> pictures)
    {
        int step = Math.Max(1, pictures.Count / PicturesLookedAt);
        LeftOutPicture?[] looked = [.. pictures.Where((_, i) => i % step == 0).Take(PicturesLookedAt).Select(FaultOf)];
        LeftOutPicture[] others = [.. looked.OfType<LeftOutPicture>().Where(picture => picture.Reason == WrongSize)];
        if (others.Length > 0 && others.Length * (WrongOfFour + 1) >= looked.Length * WrongOfFour)
        {
            throw new UserErrorException(
                $"{source} holds pictures that are not {PreparedPicture.Size}x{PreparedPicture.Size} ({others[0].Name} {others[0].Detail!.Split(',')[0]}); resize them first: koala resize {source} RESIZED, then koala lab-batch RESIZED.");
        }

        if (looked.Length == pictures.Count && Array.TrueForAll(looked, fault => fault is not null))
        {
            throw new UserErrorException(
                $"none of the {Amount.Of(looked.Length, "file")} in {source} is a picture of {PreparedPicture.Size}x{PreparedPicture.Size} ({looked[0]!.Name} is {looked[0]!.Reason}); koala resize ORIGINALS RESIZED makes such a folder.");
        }
    }

    private LeftOutPicture? FaultOf(string picture)
    {
        try
        {
            bool isWhole = PreparedPicture.TryRead(codec, PictureFolder.PathOf(source, picture), sha256: null, out PreparedPicture? prepared, out LeftOutPicture? leftOut);
            prepared?.Dispose();
            return isWhole ? null : leftOut;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new LeftOutPicture(picture, "unreadable", exception.Message);
        }
    }
}
