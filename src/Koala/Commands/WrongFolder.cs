using Koalarization.Dataset.Storage;

namespace Koalarization.Koala.Commands;

/// <summary>What a command takes a folder for.</summary>
internal enum FolderUse
{
    /// <summary>JPEG files, to be resized.</summary>
    Pictures,

    /// <summary>JPEG files of 299x299, for records.</summary>
    ResizedPictures,

    /// <summary>TFRecords.</summary>
    Records,

    /// <summary>A data set that koala run or a cluster made.</summary>
    DataSet,
}

/// <summary>The end of the sentence that refuses a folder: what it holds, and which step or folder to take first.</summary>
internal static class WrongFolder
{
    /// <summary>What the folder holds, and what to do.</summary>
    public static string Hint(string folder, FolderUse use)
    {
        var contents = FolderContents.Of(folder);
        return contents.Kind switch
        {
            FolderKind.Empty => $"it is empty; {Fill(folder, use)}",
            FolderKind.DataSet => OfSet(contents, use),
            FolderKind.Records => OfRecords(contents, use),
            FolderKind.PackedCopies => $"it holds packed copies; unpack them first: koala compress {contents.PathOf(contents.Example)} --to none --out RECORDS",
            FolderKind.Pictures => OfPictures(contents, use),
            FolderKind.OtherPictures => $"it holds pictures of another format ({contents.Example}), and only JPEG files are taken; convert them first",
            FolderKind.Lists => $"it holds lists of links ({contents.Example}); {FromList(contents, use)}",
            _ => $"it holds nothing of that kind ({contents.Example}); {Fill("another folder", use)}",
        };
    }

    /// <summary>The refusal of a folder without a picture that a step could take.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="use">What the step takes it for.</param>
    /// <param name="skipped">What is there and was passed over, as a sentence; null: nothing.</param>
    public static UserErrorException WithoutPictures(string folder, FolderUse use, string? skipped = null) =>
        new($"no .jpg or .jpeg files in {folder}: {Hint(folder, use)}.{(skipped is null ? "" : " " + skipped)}");

    private static string Fill(string folder, FolderUse use) => use switch
    {
        FolderUse.Pictures => $"koala download LINKS {Shown(folder)} fills it",
        FolderUse.ResizedPictures => $"koala resize ORIGINALS {Shown(folder)} fills it",
        FolderUse.Records => $"koala lab-batch RESIZED {Shown(folder)} fills it",
        _ => $"koala run LINKS {Shown(folder)} makes a data set there",
    };

    private static string Shown(string folder) => folder.Contains(' ', StringComparison.Ordinal) ? "FOLDER" : folder;

    private static string OfSet(FolderContents set, FolderUse use)
    {
        (string name, string step) = use switch
        {
            FolderUse.Pictures => (DataLayout.Originals, "koala download LINKS"),
            FolderUse.ResizedPictures => (DataLayout.Resized, $"koala resize {set.PathOf(DataLayout.Originals)}"),
            FolderUse.Records => (DataLayout.Records, $"koala lab-batch {set.PathOf(DataLayout.Resized)}"),
            _ => ("", ""),
        };
        string folder = set.PathOf(name);
        return name.Length == 0 ? $"it holds the folders of the single steps, and only koala run and clusters keep what this command reads; koala verify {folder} checks what is there"
            : Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) != DataLayout.State) ? $"it holds a data set; give {folder} instead"
            : $"it holds a data set that has none yet; {step} {folder} makes them";
    }

    private static string OfRecords(FolderContents contents, FolderUse use) => use switch
    {
        FolderUse.Pictures or FolderUse.ResizedPictures => $"it holds records ({contents.Example}), which are made from pictures; give the folder of the pictures",
        FolderUse.DataSet => $"it holds records ({contents.Example}); give the folder of the data set around them",
        _ => $"it holds records of other names ({contents.Example})",
    };

    private static string OfPictures(FolderContents contents, FolderUse use) => use switch
    {
        FolderUse.Records => $"it holds pictures ({contents.Example}); make records of them first: koala resize {contents.Folder} RESIZED, then koala lab-batch RESIZED RECORDS",
        FolderUse.DataSet => $"it holds pictures ({contents.Example}); koala run {contents.Folder} DATA makes a data set of them",
        _ => $"it holds no pictures that can be taken ({contents.Example})",
    };

    private static string FromList(FolderContents contents, FolderUse use) => use switch
    {
        FolderUse.Pictures or FolderUse.ResizedPictures => $"download their pictures first: koala download {contents.PathOf(contents.Example)} ORIGINALS",
        _ => $"koala run {contents.PathOf(contents.Example)} DATA makes a data set of one",
    };
}
