using System.Text.Json;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Storage;

/// <summary>Faults of real files, as people are told of them.</summary>
public sealed class FileFaultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileFaultsTests()
    {
        File.WriteAllText(_folder["file"], "x");
        Directory.CreateDirectory(_folder["folder"]);
        File.CreateSymbolicLink(_folder["loop"], _folder["loop"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("missing", "PATH does not exist.")]
    [InlineData("missing/below", "PATH does not exist.")]
    [InlineData("loop", "PATH is a link that leads to itself.")]
    [InlineData("folder", "PATH is a folder, and a file is needed there.")]
    public void A_file_that_cannot_be_opened_is_named_first(string name, string sentence) =>
        Assert.Equal(sentence.Replace("PATH", _folder[name], StringComparison.Ordinal), SentenceOf(() => File.ReadAllBytes(_folder[name])));

    [Fact]
    public void A_name_that_is_taken_is_said_to_be() =>
        Assert.Equal($"{_folder["file"]} exists already.", SentenceOf(() => new FileStream(_folder["file"], FileMode.CreateNew).Dispose()));

    [Theory]
    [InlineData(5, "Input/output error", "/a cannot be read or written: the disk reports an error.")]
    [InlineData(24, "Too many open files", "/a cannot be opened: too many files are open; raise the limit with ulimit -n.")]
    [InlineData(28, "No space left on device", "/a cannot be written: the disk is full.")]
    [InlineData(30, "Read-only file system", "/a cannot be written: its file system is mounted for reading only.")]
    [InlineData(116, "Stale file handle", "/a is on a mount whose server has replaced it; mount it again.")]
    [InlineData(39, "Directory not empty", "/a: directory not empty.")]
    public void What_the_system_says_of_a_disk_is_put_in_plain_words(int error, string message, string sentence) =>
        Assert.Equal(sentence, FileFaults.Sentence(new IOException($"{message} : '/a'", error)));

    [Fact]
    public void A_message_without_a_file_still_says_what_is_wrong() =>
        Assert.Equal("A file or a stream may not be read or written by this user.", FileFaults.Sentence(new UnauthorizedAccessException("Access to the path is denied.")));

    [Fact]
    public void A_sentence_of_ours_stays_and_ends_with_a_stop()
    {
        Assert.Equal("The disk of 'a' is gone.", FileFaults.Sentence(new IOException("The disk of 'a' is gone", 28)));
        Assert.Equal("The disk is gone", FileFaults.Clause(new InvalidDataException("The disk is gone.")));
    }

    [Fact]
    public void A_place_in_a_json_file_has_a_line_a_byte_and_a_name_and_no_type()
    {
        JsonException fault = Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<Dictionary<string, int>>("{\n \"links\": \"many\" }"));
        Assert.Equal("line 2, byte 17 (links)", FileFaults.PlaceOf(fault));
    }

    private static string SentenceOf(Action work) => FileFaults.Sentence(Record.Exception(work)!);
}
