using Koalarization.Dataset.Composition;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Pipeline.Jobs;

/// <summary>What a data set must be like to be worked on.</summary>
internal static class DataSetRequirements
{
    /// <summary>Refuses a file system on which results could be lost.</summary>
    /// <param name="store">The data set, with a temporary space.</param>
    /// <param name="data">Its folder, as people call it.</param>
    /// <exception cref="JobRefusedException">The file system does not support publishing without replacing.</exception>
    public static void RefuseStoreThatReplaces(FileDataStore store, string data)
    {
        if (!StoreProbe.PublishesOnceBelow(store.TemporaryFolder))
        {
            throw new JobRefusedException(
                $"{data} is on a file system that does not support publishing without replacing, so results could be lost; use another one.");
        }
    }

    /// <summary>Refuses a folder inside another data set, whose files would mix with this one's.</summary>
    /// <exception cref="JobRefusedException">It is inside one.</exception>
    public static void RefuseInsideAnotherSet(string data)
    {
        if (File.Exists(Path.Combine(data, DataLayout.Job)))
        {
            // Begun by an earlier version.
            return;
        }

        string? above = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        for (; above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(Path.Combine(above, DataLayout.Job)))
            {
                throw new JobRefusedException($"{data} is inside the data set {above}; choose a folder outside of it.");
            }
        }
    }

    /// <summary>Refuses pictures of a size that records cannot have.</summary>
    /// <exception cref="JobRefusedException">They have another size.</exception>
    public static void RefuseOtherThanRecordsNeed(JobParameters job, string data)
    {
        if ((job.Width, job.Height) != (PreparedPicture.Size, PreparedPicture.Size))
        {
            throw new JobRefusedException(
                $"{data} was begun with pictures of {job.Width}x{job.Height}, and records need {PreparedPicture.Size}x{PreparedPicture.Size}; add --until resize, or use another folder.");
        }
    }
}
