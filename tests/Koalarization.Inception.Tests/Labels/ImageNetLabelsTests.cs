using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Inception.Labels;

namespace Koalarization.Inception.Tests.Labels;

public sealed class ImageNetLabelsTests
{
    public static TheoryData<int> Protocols => [.. Enumerable.Range(0, 5)];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Reads_a_pickle_of_every_protocol(int protocol)
    {
        ImageNetLabels labels = ImageNetLabels.Load(Golden.PathOf($"labels/protocol{protocol}.pkl"));
        Assert.Equal("background", labels.NameOf(0));
        Assert.Equal("class 0, made up, été", labels.NameOf(1));
        for (int logit = 2; logit < ImageNetLabels.Logits; logit++)
        {
            Assert.StartsWith($"class {logit - 1}, made up, ", labels.NameOf(logit));
        }
    }

    [Fact]
    public void All_protocols_hold_the_same_names()
    {
        ImageNetLabels[] all = [.. Enumerable.Range(0, 5).Select(i => ImageNetLabels.Load(Golden.PathOf($"labels/protocol{i}.pkl")))];
        for (int logit = 0; logit < ImageNetLabels.Logits; logit++)
        {
            Assert.Single(all.Select(labels => labels.NameOf(logit)).Distinct(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Runs_nothing_that_a_pickle_asks_for()
    {
        File.Delete("/tmp/pickle-ran");
        LabelsException error = Assert.Throws<LabelsException>(() => ImageNetLabels.Load(Golden.PathOf("labels/hostile.pkl")));
        Assert.False(File.Exists("/tmp/pickle-ran"));
        Assert.Equal(7, error.Offset);
        Assert.EndsWith("byte 7: opcode 0x63 does not belong in a dict of numbers and names; the file is rejected and nothing of it was run.", error.Message);
    }

    [Fact]
    public void Refuses_a_pickle_of_another_shape()
    {
        LabelsException error = Assert.Throws<LabelsException>(() => ImageNetLabels.Load(Golden.PathOf("labels/not_a_dict.pkl")));
        Assert.Equal(2, error.Offset);
    }

    // Made with the rules of pickletools: protocol 0, 1 and 2 as Python 2 writes them, and values that are recalled.
    [Theory]
    [InlineData("(dp0\nI0\nS'tench, \\xc3\\xa9t\\xe9'\np1\nsI1\nS\"it's\\n\"\np2\ns", "tench, Ã©té", "it's\n")]
    [InlineData("(dI0\nS'\\xc3\\xa9'\nsI1\nS'a\\\\b'\ns", "é", "a\\b")]
    [InlineData("(I0\nV\\u00e9\\U0001F428\\n\nI1\nVx\nd", "é\U0001F428\\n", "x")]
    [InlineData("}q\0(K\0U\u0002\u00c3\u00a9K\u0001T\u0001\0\0\0\u00e9u", "é", "é")]
    [InlineData("}q\0(K\0U\u0001xq\u0001K\u0001h\u0001u", "x", "x")]
    [InlineData("}q\0(K\0U\u0001xr\u0001\0\0\0K\u0001j\u0001\0\0\0u", "x", "x")]
    [InlineData("(dL0L\nV x\np9\nsI1\ng9\ns", " x", " x")]
    [InlineData("\u0080\u0002}(\u008a\0U\u0001a\u008a\u0001\u0001U\u0001bu", "a", "b")]
    [InlineData("\u0080\u0004\u0095\0\0\0\0\0\0\0\0}(J\0\0\0\0\u008c\u0001aM\u0001\0\u008d\u0001\0\0\0\0\0\0\0bu", "a", "b")]
    [InlineData("}(K\0U\u0001zK\0U\u0001aK\u0001U\u0001bu", "a", "b")]
    public void Reads_each_way_of_writing_a_name(string beginning, string first, string second)
    {
        ImageNetLabels labels = ImageNetLabels.Parse("test.pkl", Completed(beginning));
        Assert.Equal((first, second), (labels.NameOf(1), labels.NameOf(2)));
    }

    [Theory]
    [InlineData("}(K\0K\u0001u")] // a number for a name
    [InlineData("}(U\u0001aU\u0001au")] // a name for a number
    [InlineData("}(K\0u")] // a key alone
    [InlineData("}}s")] // a dict within
    [InlineData("}K\0h\u0007s")] // recalled, never remembered
    [InlineData("}q\0(K\0h\0u")] // the dict as its own name
    [InlineData("u")]
    [InlineData("s")]
    [InlineData("d")]
    [InlineData("q\0")]
    [InlineData("}(q\0")] // a mark remembered
    [InlineData("}I00\nVx\ns")] // false for a number
    [InlineData("}I1x\nVx\ns")]
    [InlineData("}K\0S'a\ns")]
    [InlineData("}K\0S'\\q'\ns")]
    [InlineData("}K\0V\\u00\ns")]
    [InlineData("}K\0V\\U00110000\ns")]
    [InlineData("}\u008a\u00ff")] // a number of 255 bytes
    [InlineData("}K\0\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffx")] // a name of 2^64 - 1 bytes
    [InlineData("}K\0X\u00ff\u00ff\u00ff\u00ffx")] // a name of 4 GB
    [InlineData("\u0080\u0006}")] // a protocol to come
    [InlineData("}K\0N s")] // None
    [InlineData("}K\0")] // something left on the stack
    public void Refuses_what_is_not_the_one_shape(string beginning)
    {
        // All 1000 names follow, so nothing but the beginning can be what is refused.
        byte[] pickle = Completed(beginning, from: 0);
        LabelsException error = Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("test.pkl", pickle));
        Assert.NotNull(error.Offset);
    }

    [Theory]
    [InlineData("}M\u00e8\u0003U\u0001xs")] // 1000
    [InlineData("}J\u00ff\u00ff\u00ff\u00ffU\u0001xs")] // -1
    [InlineData("}\u008a\u0001\u00ffU\u0001xs")] // -1
    public void Refuses_a_class_that_does_not_exist(string beginning)
    {
        byte[] pickle = Completed(beginning, from: 0);
        LabelsException error = Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("test.pkl", pickle));
        Assert.Equal("test.pkl: the dict has 1001 entries where 1000 belong.", error.Message);
    }

    [Theory]
    [InlineData("K\0.")] // left on the stack
    [InlineData(".")] // the pickle's end twice
    [InlineData("0.")] // the dict is thrown away
    public void Refuses_what_follows_a_good_dict(string ending)
    {
        byte[] good = Completed("}", from: 0);
        Assert.Equal("name 0", ImageNetLabels.Parse("test.pkl", good).NameOf(1));
        byte[] pickle = [.. ending == "." ? good : good[..^1], .. Encoding.Latin1.GetBytes(ending)];
        Assert.NotNull(Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("test.pkl", pickle)).Offset);
    }

    [Fact]
    public void Refuses_a_dict_that_lacks_a_class()
    {
        byte[] pickle = Encoding.Latin1.GetBytes("}(K\0U\u0001au.");
        LabelsException error = Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("test.pkl", pickle));
        Assert.Equal("test.pkl: the dict has no name for class 1.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Every_cut_of_a_pickle_is_refused(int protocol)
    {
        byte[] whole = Golden.Bytes($"labels/protocol{protocol}.pkl");
        for (int length = 0; length < whole.Length; length += length < 2000 ? 1 : 61)
        {
            byte[] cut = whole[..length];
            Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("cut.pkl", cut));
        }
    }

    [Property(MaxTest = 2000)]
    public Property Every_flipped_bit_ends_in_names_or_the_typed_error(byte protocol, int bit)
    {
        byte[] damaged = Golden.Bytes($"labels/protocol{protocol % 5}.pkl");
        int at = (int)((uint)HashCode.Combine(bit) % (8L * damaged.Length));
        damaged[at / 8] ^= (byte)(1 << (at % 8));
        return EndsInNamesOrTheTypedError(damaged).ToProperty();
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Every_flipped_bit_at_the_beginning_ends_in_names_or_the_typed_error(int protocol)
    {
        byte[] whole = Golden.Bytes($"labels/protocol{protocol}.pkl");
        for (int bit = 0; bit < 8 * 300; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(EndsInNamesOrTheTypedError(damaged));
        }
    }

    [Property(MaxTest = 1000)]
    public Property Random_bytes_end_in_the_typed_error(byte[] bytes)
    {
        Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("random.pkl", bytes));
        Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("random.txt", bytes));
        return true.ToProperty();
    }

    [Fact]
    public void A_hundred_thousand_marks_end_at_once()
    {
        byte[] marks = [.. Enumerable.Repeat((byte)'(', 100_000), (byte)'.'];
        Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("marks.pkl", marks));
    }

    [Theory]
    [InlineData(1000, "background", "name 0")]
    [InlineData(1001, "name 0", "name 1")]
    public void Reads_text_with_and_without_a_line_for_the_background(int lines, string zero, string one)
    {
        string text = "\uFEFF" + string.Join("\r\n", Enumerable.Range(0, lines).Select(i => $"name {i}")) + "\r\n\n";
        ImageNetLabels labels = ImageNetLabels.Parse("labels.txt", Encoding.UTF8.GetBytes(text));
        Assert.Equal((zero, one, $"name {lines - 1}"), (labels.NameOf(0), labels.NameOf(1), labels.NameOf(1000)));
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1002)]
    [InlineData(0)]
    public void Refuses_text_with_another_number_of_lines(int lines)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, lines).Select(i => $"name {i}")));
        Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("labels.txt", text));
    }

    [Fact]
    public void Says_which_line_is_empty()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, 1000).Select(i => i == 7 ? " " : $"name {i}")));
        LabelsException error = Assert.Throws<LabelsException>(() => ImageNetLabels.Parse("labels.txt", text));
        Assert.Equal("labels.txt: line 7 is empty.", error.Message);
    }

    [Fact]
    public void Takes_no_memory_for_a_file_that_is_too_large()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream file = File.OpenWrite(path))
            {
                file.SetLength(1L << 40);
            }

            Assert.Throws<LabelsException>(() => ImageNetLabels.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Has_no_name_for_a_logit_that_does_not_exist(int logit)
    {
        ImageNetLabels labels = ImageNetLabels.Load(Golden.PathOf("labels/protocol2.pkl"));
        Assert.Throws<ArgumentOutOfRangeException>(() => labels.NameOf(logit));
    }

    private static bool EndsInNamesOrTheTypedError(byte[] pickle)
    {
        try
        {
            return ImageNetLabels.Parse("damaged.pkl", pickle).NameOf(0) is not null;
        }
        catch (LabelsException)
        {
            return true;
        }
    }

    // A dict of the entries given and the others up to 999.
    private static byte[] Completed(string beginning, int from = 2)
    {
        IEnumerable<string> others = Enumerable.Range(from, 1000 - from).Select(i => $"I{i}\nVname {i}\ns");
        return Encoding.Latin1.GetBytes(beginning + string.Concat(others) + ".");
    }
}
