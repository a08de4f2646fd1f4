using System.Runtime.Intrinsics.X86;
using FsCheck.Xunit;
using Koalarization.Imaging.Fitting;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Fitting;

public class LanczosKernelTests
{
    private static readonly LanczosResampler Scalar = new(LanczosKernels.Scalar);

    [Property(MaxTest = 300)]
    public void AVX2_gives_the_scalar_kernel_s_pixels(int seed)
    {
        if (Avx2.IsSupported)
        {
            AssertSame(LanczosKernels.WithAvx2, seed);
        }
    }

    [Property(MaxTest = 300)]
    public void AVX512_gives_the_scalar_kernel_s_pixels(int seed)
    {
        if (Avx512BW.IsSupported)
        {
            AssertSame(LanczosKernels.WithAvx512, seed);
        }
    }

    [Theory]
    [InlineData(1, 2000, 1, 299)]
    [InlineData(2000, 1, 299, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 3, 1, 1)]
    [InlineData(3000, 7, 1, 7)]
    [InlineData(7, 3000, 7, 1)]
    [InlineData(5, 4, 64, 3)]
    [InlineData(33, 31, 320, 200)]
    [InlineData(64, 64, 21, 21)]
    public void Every_kernel_agrees_on_the_edges(int width, int height, int newWidth, int newHeight)
    {
        foreach (int channels in (int[])[1, 3, 4])
        {
            Compare(LanczosKernels.Best, new PictureSize(width, height), new PictureSize(newWidth, newHeight), channels, 3);
            if (Avx2.IsSupported)
            {
                Compare(LanczosKernels.WithAvx2, new PictureSize(width, height), new PictureSize(newWidth, newHeight), channels, 3);
            }
        }
    }

    [Property(MaxTest = 300)]
    public void The_two_parts_of_a_weight_make_the_weight(int seed)
    {
        var random = new Random(seed);
        var table = new LanczosTable(random.Next(1, 2000), random.Next(1, 400));
        int at = 0;
        for (int i = 0; i < table.Target; i++)
        {
            int first = 2 * table.PairRuns[2 * i];
            var weights = new int[table.Source + 2];
            for (int pair = 0; pair < table.PairRuns[(2 * i) + 1]; pair++, at += 2)
            {
                weights[first + (2 * pair)] = Whole((short)table.Pairs[at], (short)table.Pairs[at + 1]);
                weights[first + (2 * pair) + 1] = Whole((short)(table.Pairs[at] >> 16), (short)(table.Pairs[at + 1] >> 16));
            }

            var expected = new int[weights.Length];
            table.Weights(i).CopyTo(expected.AsSpan(table.First(i)));
            Assert.Equal(expected, weights);
        }

        Assert.Equal(table.Pairs.Length, at);
    }

    [Fact]
    public void Flat_colour_stays_flat()
    {
        using Picture picture = Picture.Rent(500, 375, 3);
        picture.Pixels.Fill(255);
        using Picture smaller = new LanczosResampler(LanczosKernels.Best).Resize(picture, new PictureSize(299, 224));
        Assert.Equal(-1, smaller.Pixels.IndexOfAnyExcept((byte)255));
    }

    private static int Whole(short upper, short lower)
    {
        Assert.True(lower >= 0);
        return (upper << LanczosTable.LowerBits) + lower;
    }

    private static void AssertSame(ILanczosKernel kernel, int seed)
    {
        var random = new Random(seed);
        Compare(
            kernel,
            new PictureSize(random.Next(1, 180), random.Next(1, 120)),
            new PictureSize(random.Next(1, 120), random.Next(1, 100)),
            ((int[])[1, 3, 4])[random.Next(3)],
            seed);
    }

    private static void Compare(ILanczosKernel kernel, PictureSize size, PictureSize newSize, int channels, int seed)
    {
        using Picture picture = Picture.Rent(size.Width, size.Height, channels);
        RandomBytes.Of(seed, picture.Pixels.Length).CopyTo(picture.Pixels);
        using Picture expected = Scalar.Resize(picture, newSize);
        using Picture found = new LanczosResampler(kernel).Resize(picture, newSize);
        Assert.True(expected.Pixels.SequenceEqual(found.Pixels), $"{size} to {newSize}, {channels} channels");
    }
}
