using Koalarization.Dataset.Records;

namespace Koalarization.Dataset.Tests.Records;

public sealed class PipelineKeyTests
{
    // printf 'random:7\nfp32\nnone\n299x300\nabc' | sha256sum: the key is in every record's manifest, and another key is another set.
    [Theory]
    [InlineData("random:7", "fp32", "none", 299, 300, "abc", "2315e5ec16b5f976e05ba6cbc1036135aaa95f9546c861239d9f3d7ce4a3b0c2")]
    [InlineData("ab", "bf16/cpu", "original", 64, 32, "codec", "0d1c00b007efb139a1c55ad9d48697f3a08ff3cd85f5004160d26fe318e541cc")]
    public void A_key_is_the_hash_of_the_lines_of_what_changes_a_records_numbers(
        string weights, string precision, string compatibility, int width, int height, string codec, string key) =>
        Assert.Equal(key, PipelineKey.Of(weights, precision, compatibility, width, height, codec));
}
