using System.Buffers;
using FsCheck.Xunit;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tensors;
using Koalarization.Checkpoints.Tests.Tables;

namespace Koalarization.Checkpoints.Tests.Tensors;

public class OrderedKeyTests
{
    [Theory]
    [InlineData("v1_single.ckpt")]
    [InlineData("v1_partitioned.ckpt")]
    [InlineData("v1_sharded.ckpt-00001-of-00003")]
    public void Every_key_that_TensorFlow_wrote_is_made_again_from_its_slice(string file)
    {
        int keys = 0;
        foreach ((byte[] key, byte[] value) in TableWriter.Read(Golden.Bytes("checkpoints/" + file)).SelectMany(block => block).Where(e => e.Key.Length > 0))
        {
            var message = new ProtoReader(value, new Origin(file, 0));
            Assert.True(message.Next());
            ProtoReader slice = message.Message();
            Assert.True(slice.Next());
            string name = TensorName.Read(slice);
            Assert.True(slice.Next());
            Assert.Equal(Convert.ToHexString(key), Convert.ToHexString(OrderedKey.Of(name, TensorSlice.Parse(slice.Message()))));
            keys++;
        }

        Assert.True(keys > 5);
    }

    // The rows are what the format's description gives: bytes of 7 bits with as many header bits as bytes.
    [Theory]
    [InlineData(0, "80")]
    [InlineData(63, "BF")]
    [InlineData(64, "C040")]
    [InlineData(8191, "DFFF")]
    [InlineData(8192, "E02000")]
    [InlineData(-1, "7F")]
    [InlineData(-64, "40")]
    [InlineData(-65, "3FBF")]
    [InlineData(long.MaxValue, "FFC07FFFFFFFFFFFFFFF")]
    [InlineData(long.MinValue, "003F8000000000000000")]
    public void Signed_numbers_of_several_bytes(long value, string hex) => Assert.Equal(hex, Convert.ToHexString(Encode(value)));

    [Property]
    public bool Signed_numbers_sort_as_their_codes(long first, long second) =>
        Math.Sign(first.CompareTo(second)) == Math.Sign(Encode(first).AsSpan().SequenceCompareTo(Encode(second)));

    private static byte[] Encode(long value)
    {
        var key = new ArrayBufferWriter<byte>();
        OrderedKey.WriteSigned(key, value);
        return key.WrittenSpan.ToArray();
    }
}
