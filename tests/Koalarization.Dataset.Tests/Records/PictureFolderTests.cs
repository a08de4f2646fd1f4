using Koalarization.Dataset.Records;

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
}
