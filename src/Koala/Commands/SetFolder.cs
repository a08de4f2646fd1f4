using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Koala.Commands;

/// <summary>The data set, or folder of records, that a user names.</summary>
internal static class SetFolder
{
    /// <exception cref="UserErrorException">There is none.</exception>
    /// <exception cref="InvalidDataException">It cannot be read at all.</exception>
    public static RecordHome HomeOf(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException(File.Exists(folder) ? $"{folder} is a file; give its folder." : $"{folder} does not exist.");
        }

        RecordHome home = RecordHome.Of(folder);
        if (!home.IsDataSet && !Directory.EnumerateFiles(home.Records, "*.tfrecord").Any() && !Directory.Exists(Path.Combine(home.Root, DataLayout.RecordManifests)))
        {
            throw new UserErrorException($"{folder} is neither a data set nor a folder of lab_images_K.tfrecord: {WrongFolder.Hint(folder, FolderUse.Records)}.");
        }

        // Throws when it is unreadable: without it nothing else can be read.
        if (home.IsDataSet)
        {
            JobParameters.Find(new FileDataStore(home.Root));
        }

        return home;
    }
}
