using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Demo;

/// <summary>The demo's files, laid out as a user's own data would be.</summary>
internal sealed class DemoFolder
{
    // Marks a folder as made by a demo, so that no other folder is emptied.
    private const string Mark = ".koala-demo";
    private const string ReaderResource = "read_records.py";

    private readonly string _folder;

    private DemoFolder(string folder) => _folder = folder;

    public string Links => In("links.txt");

    public string Data => In("data");

    public string Records => In("data/tfrecords");

    public string Page => In("index.html");

    public string Reader => In(ReaderResource);

    /// <summary>Creates the folder, or removes the files of an earlier demo.</summary>
    /// <exception cref="UserErrorException">The folder has other files.</exception>
    public static DemoFolder Prepare(string folder)
    {
        if (folder.Length == 0)
        {
            throw new UserErrorException("DIR is empty; give a folder for the demo.", ExitCode.UsageError);
        }

        if (File.Exists(folder))
        {
            throw new UserErrorException($"{folder} is a file; choose a folder for the demo.");
        }

        string mark = Path.Combine(folder, Mark);
        if (Directory.Exists(folder) && !File.Exists(mark) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new UserErrorException($"{folder} has files that are not a demo's; choose another folder.");
        }

        var made = new DemoFolder(folder);
        Directory.CreateDirectory(folder);
        made.RemoveEarlier();
        File.WriteAllText(mark, "");
        return made;
    }

    /// <summary>Writes the script that reads the records with NumPy alone.</summary>
    public async Task WriteReaderAsync(CancellationToken cancellation)
    {
        await using Stream script = typeof(DemoFolder).Assembly.GetManifestResourceStream(ReaderResource)!;
        await using FileStream file = File.Create(Reader);
        await script.CopyToAsync(file, cancellation);
    }

    /// <summary>The number of resized pictures so far.</summary>
    public int CountResized() => Directory.Exists(In("data/resized")) ? Directory.EnumerateFiles(In("data/resized")).Count() : 0;

    private string In(string name) => Path.Combine(_folder, name);

    private void RemoveEarlier()
    {
        if (Directory.Exists(In("data")))
        {
            Directory.Delete(In("data"), recursive: true);
        }

        foreach (string file in new[] { Links, Page, Reader })
        {
            File.Delete(file);
        }
    }
}
