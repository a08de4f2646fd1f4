using Koalarization.Pipeline.Jobs;

namespace Koalarization.Pipeline.Tests.Jobs;

public sealed class JobIdTests
{
    // The hashes are the first eight digits of `printf '%s' PATH | sha256sum`: jobs are found again on disk by these ids.
    [Theory]
    [InlineData("sets/Flowers 2024", "flowers-2024-fe53aee0")]
    [InlineData("./sets//Flowers 2024/", "flowers-2024-fe53aee0")]
    [InlineData("a/b/ünï_x", "n--x-756bf578")]
    [InlineData(".", "data-cdb4ee2a")]
    [InlineData("", "data-cdb4ee2a")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-42f2d973")]
    public void An_id_is_the_folders_name_and_a_hash_of_its_path(string data, string id) => Assert.Equal(id, JobId.Of(data).Value);

    [Theory]
    [InlineData("a/./b//", "a/b")]
    [InlineData("./", ".")]
    [InlineData("../a", "../a")]
    public void A_folder_is_normalized_without_empty_parts_and_dots(string data, string normal) => Assert.Equal(normal, JobId.Normal(data));

    [Theory]
    [InlineData("a", true)]
    [InlineData("0-z", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("a.b", false)]
    [InlineData("é", false)]
    public void An_id_has_lower_case_letters_digits_and_dashes(string? text, bool isId)
    {
        Assert.Equal(isId, JobId.IsId(text));
        Assert.Equal(isId, Record.Exception(() => new JobId(text!)) is null);
    }

    [Fact]
    public void An_id_has_at_most_a_hundred_characters()
    {
        Assert.True(JobId.IsId(new string('a', 100)));
        Assert.False(JobId.IsId(new string('a', 101)));
    }
}
