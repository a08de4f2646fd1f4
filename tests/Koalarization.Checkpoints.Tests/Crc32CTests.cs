using System.Text;
using FsCheck.Xunit;
using Koalarization.Checkpoints.Bytes;

namespace Koalarization.Checkpoints.Tests;

public class Crc32CTests
{
    [Fact]
    public void Gives_the_check_value_of_the_catalogue_and_of_RFC_3720()
    {
        Assert.Equal(0xE3069283, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
    }

    [Theory]
    [InlineData(3 * 4096 - 1)]
    [InlineData(3 * 4096)]
    [InlineData(7 * 3 * 4096 + 13)]
    public void Long_runs_are_the_same_with_and_without_the_instruction(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        Assert.Equal(Crc32C.ComputePortable(bytes), Crc32C.Compute(bytes));
    }

    [Property]
    public bool A_sum_in_two_parts_is_the_sum_of_the_whole(byte[] first, byte[] second) =>
        Crc32C.Compute(second, Crc32C.Compute(first)) == Crc32C.ComputePortable([.. first, .. second]);
}
