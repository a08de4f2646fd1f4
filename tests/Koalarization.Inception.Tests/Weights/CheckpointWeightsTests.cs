using Koalarization.Checkpoints;
using Koalarization.Checkpoints.Tensors;
using Koalarization.Inception.Weights;

namespace Koalarization.Inception.Tests.Weights;

public sealed class CheckpointWeightsTests
{
    [Fact]
    public void A_checkpoint_of_something_else_is_refused_with_the_first_missing_variable()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.PathOf("checkpoints/v1_single.ckpt"));

        var error = Assert.Throws<WeightsException>(() => Embedders.Create(new CheckpointWeights(checkpoint), Embedding.OnCpu(batchSize: 1)));

        Assert.Equal("InceptionResnetV2/Conv2d_1a_3x3/weights", error.Variable);
        Assert.Equal(
            $"The checkpoint {checkpoint.Files[0]} has no variable InceptionResnetV2/Conv2d_1a_3x3/weights, which Inception-ResNet-v2 needs.",
            error.Message);
    }

    [Fact]
    public void A_variable_of_another_shape_is_refused_with_both_shapes()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.PathOf("checkpoints/v1_single.ckpt"));
        string matrix = checkpoint.Tensors.Values.First(tensor => tensor is { Shape.Count: 2, ElementCount: > 0 }).Name;

        var error = Assert.Throws<WeightsException>(() => new CheckpointWeights(checkpoint).Read(matrix, [3, 5, 7], new float[105]));

        Assert.Equal(matrix, error.Variable);
        Assert.Contains($"has the shape [{string.Join(", ", checkpoint.Tensors[matrix].Shape)}], and Inception-ResNet-v2 needs [3, 5, 7].", error.Message);
    }

    [Fact]
    public void A_variable_of_another_type_is_refused_with_the_type()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.PathOf("checkpoints/v2_every_type.ckpt"));
        TensorInfo integers = checkpoint.Tensors.Values.First(tensor => tensor.ElementType == TensorElementType.Int64);

        var error = Assert.Throws<WeightsException>(
            () => new CheckpointWeights(checkpoint).Read(integers.Name, [.. integers.Shape], new float[integers.ElementCount]));

        Assert.Contains("holds Int64, and Inception-ResNet-v2 needs Float32.", error.Message);
    }
}
