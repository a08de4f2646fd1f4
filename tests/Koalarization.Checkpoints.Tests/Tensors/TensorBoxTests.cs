using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tensors;
using Koalarization.Checkpoints.Tests.Binary;

namespace Koalarization.Checkpoints.Tests.Tensors;

public class TensorBoxTests
{
    /// <summary>For each of up to four dimensions its size, and start and length of a box in it.</summary>
    private static Gen<(long Size, long Start, long Length)[]> Boxes =>
        from count in Gen.Choose(0, 4)
        from axes in Gen.ArrayOf(
            from size in Gen.Choose(0, 5)
            from start in Gen.Choose(0, size)
            from length in Gen.Choose(0, size - start)
            select ((long)size, (long)start, (long)length),
            count)
        select axes;

    [Property(MaxTest = 500)]
    public Property A_box_s_elements_go_to_their_places() => Prop.ForAll(Boxes.ToArbitrary(), axes =>
    {
        const int ElementBytes = 3;
        TensorShape shape = ShapeOf([.. axes.Select(axis => axis.Size)]);
        var box = new TensorBox([.. axes.Select(axis => axis.Start)], [.. axes.Select(axis => axis.Length)]);
        var source = new byte[box.ElementCount * ElementBytes];
        new System.Random(1).NextBytes(source);
        var scattered = new byte[shape.ElementCount * ElementBytes];
        box.Scatter<byte>(source, scattered, shape, ElementBytes);
        Assert.Equal(OneByOne(source, axes, ElementBytes), scattered);
    });

    private static byte[] OneByOne(byte[] source, (long Size, long Start, long Length)[] axes, int elementBytes)
    {
        var whole = new byte[axes.Aggregate((long)elementBytes, (product, axis) => product * axis.Size)];
        for (long i = 0; i < source.Length / elementBytes; i++)
        {
            long rest = i;
            long place = 0;
            long stride = 1;
            foreach ((long size, long start, long length) in axes.Reverse())
            {
                place += (start + (rest % length)) * stride;
                rest /= length;
                stride *= size;
            }

            Array.Copy(source, i * elementBytes, whole, place * elementBytes, elementBytes);
        }

        return whole;
    }

    private static TensorShape ShapeOf(long[] sizes)
    {
        var message = new ProtoReader(Proto.Shape(1, sizes), new Origin("shape", 0));
        Assert.True(message.Next());
        return TensorShape.Parse(message.Message());
    }
}
