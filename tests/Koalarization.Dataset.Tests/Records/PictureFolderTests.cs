using System.Diagnostics;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Records;

public sealed class PictureFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_come_in_ordinal_order_whatever_the_file_system_says()
    {
        foreach (string name in new[] { "b.jpeg", "B.JPG", "a.jpg", "ä.jpeg", "10.jpeg", "9.jpeg", "notes.txt", "c.jpeg.tmp" })
        {
            File.WriteAllText(_folder[name], "");
        }

        Directory.CreateDirectory(_folder["folder.jpeg"]);

        Assert.Equal(["10.jpeg", "9.jpeg", "B.JPG", "a.jpg", "b.jpeg", "ä.jpeg"], PictureFolder.Names(_folder.Path));
    }

    [Fact]
    public void Folders_below_are_read_and_their_pictures_kept_apart()
    {
        string[] files = ["x.jpeg", "n1/x.JPEG", "n2/x.JPEG", "n2/deep/y 100%.jpg", "n2%2Fx.JPEG", "ab/ab12.jpeg", "ab/other.jpeg", "original/z.jpg"];
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], file);
        }

        IReadOnlyList<string> names = PictureFolder.Names(_folder.Path);

        Assert.Equal(
            ["ab%2Fother.jpeg", "ab12.jpeg", "n1%2Fx.JPEG", "n2%252Fx.JPEG", "n2%2Fdeep%2Fy 100%25.jpg", "n2%2Fx.JPEG", "original%2Fz.jpg", "x.jpeg"], names);
        Assert.Equal(files.Order(StringComparer.Ordinal), names.Select(name => File.ReadAllText(PictureFolder.PathOf(_folder.Path, name))).Order(StringComparer.Ordinal));
        Assert.Equal("n2/deep", PictureFolder.SubfolderOf("n2%2Fdeep%2Fy 100%25.jpg"));
        Assert.Null(PictureFolder.SubfolderOf("x.jpeg"));
        Assert.Equal(["ab12.jpeg", "n2%2Fx.JPEG", "other.jpeg", "x.jpeg"], PictureFolder.EnumerateFlat(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_other_programs_leave_is_no_picture()
    {
        string[] files =
        [
            "x.jpg", "._x.jpg", ".DS_Store", "Thumbs.db", "__MACOSX/._x.jpg", "__MACOSX/y.jpg", ".trash/y.jpg", "@eaDir/x.jpg/THUMB.jpg", "made/.koala/size", "made/x.jpg",
        ];
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], "");
        }

        var skipped = new SkippedFiles();

        Assert.Equal(["x.jpg"], PictureFolder.Names(_folder.Path, skipped));
        Assert.StartsWith("5 files and folders are skipped: 2 hidden (", skipped.Sentence, StringComparison.Ordinal);
        Assert.Contains("; 2 of other programs (", skipped.Sentence, StringComparison.Ordinal);
        Assert.Contains("; 1 that koala made (made)", skipped.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_folder_around_it_and_a_name_that_is_no_UTF8_are_skipped_and_told()
    {
        Directory.CreateDirectory(_folder["a/b"]);
        File.WriteAllText(_folder["a/b/x.jpg"], "");
        Directory.CreateSymbolicLink(_folder["a/b/up"], _folder["a"]);
        Directory.CreateSymbolicLink(_folder["c"], _folder["a/b"]);
        File.CreateSymbolicLink(_folder["self.jpg"], _folder["self.jpg"]);
        Run("sh", "-c", $"touch \"$(printf '{_folder.Path}/caf\\351.jpg')\"");
        var skipped = new SkippedFiles();

        IReadOnlyList<string> names = PictureFolder.Names(_folder.Path, skipped);
        Run("sh", "-c", $"rm {_folder.Path}/caf*");

        Assert.Equal(["a%2Fb%2Fx.jpg", "c%2Fx.jpg", "self.jpg"], names);
        Assert.Contains("1 whose name is not UTF-8", skipped.Sentence, StringComparison.Ordinal);
        Assert.Contains("that is a link to a folder around it", skipped.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_and_a_link_to_itself_are_refused_without_waiting()
    {
        Run("mkfifo", _folder["pipe.jpg"]);
        File.CreateSymbolicLink(_folder["self.jpg"], _folder["self.jpg"]);
        File.CreateSymbolicLink(_folder["zero.jpg"], "/dev/zero");

        foreach (string name in (string[])["pipe.jpg", "self.jpg", "zero.jpg"])
        {
            Assert.Throws<NotRegularFileException>(() => FileBytes.Read(_folder[name]));
        }

        Assert.Throws<FileNotFoundException>(() => FileBytes.Read(_folder["none.jpg"]));
    }

    private static void Run(string program, params string[] words)
    {
        using Process process = Process.Start(program, words);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
