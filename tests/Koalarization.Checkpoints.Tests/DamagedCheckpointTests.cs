
using Koalarization.Checkpoints.Tests.Binary;

namespace Koalarization.Checkpoints.Tests;

/// <summary>Every byte of every small golden file flipped, and every length cut: the right values, or one typed error.</summary>
public class DamagedCheckpointTests
{
    public static TheoryData<string> Names => GoldenCheckpoint.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flipped_bit_anywhere_is_told_or_harmless(string name)
    {
        var golden = new InMemory(name);
        for (int file = 0; file < golden.FileCount; file++)
        {
            byte[] bytes = golden.FileBytes(file);
            int harmless = 0;
            Parallel.For(0, bytes.Length, position =>
            {
                byte[] damaged = [.. bytes];
                damaged[position] ^= (byte)(1 << (position % 8));
                if (golden.IsStillRight(file, damaged))
                {
                    Interlocked.Increment(ref harmless);
                }
            });

            // In a table only the unused metaindex block and its place in the footer, with the footer's padding, may change unseen.
            bool isTable = name.StartsWith("v1", StringComparison.Ordinal) || file == 0;
            Assert.InRange(harmless, 0, isTable ? 60 : 0);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_cut_anywhere_is_told(string name)
    {
        var golden = new InMemory(name);
        for (int file = 0; file < golden.FileCount; file++)
        {
            byte[] bytes = golden.FileBytes(file);
            Parallel.For(0, bytes.Length, length => Assert.False(golden.IsStillRight(file, bytes.AsMemory(0, length))));
        }
    }

    [Theory]
    [InlineData("bad/png.jpeg")]
    [InlineData("geometry.csv")]
    [InlineData("checkpoints/full_v1.ckpt.xz")]
    [InlineData("labels/hostile.pkl")]
    public void A_foreign_file_is_told_as_one(string file)
    {
        string path = Golden.PathOf(file);
        CheckpointException error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));
        Assert.Equal(CheckpointCheck.NotACheckpoint, error.Check);
        Assert.Equal(path, error.File);
    }
}
