using Koalarization.Inception.Weights;
using TorchSharp;

namespace Koalarization.Inception.Tests.Devices;

[Collection(TorchCollection.Name)]
public sealed class MemoryTests(GoldenWeights golden)
{
    [Fact]
    public void A_batch_leaves_no_tensor_and_no_memory_behind()
    {
        // Tensors that other tests lost to the finalizer must not change the count meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        byte[] gray = GoldenEmbeddings.Gray(Koalarization.Imaging.Jpeg.DctMethod.Accurate, 4);
        Embed(times: 5, gray);
        long tensors = torch.Tensor.TotalCount, bytes = Environment.WorkingSet;

        Embed(times: 25, gray);

        Assert.Equal(tensors, torch.Tensor.TotalCount);

        // One lost picture's activations would be 100 MB a batch.
        Assert.InRange(Environment.WorkingSet - bytes, long.MinValue, 100 << 20);
    }

    [Fact]
    public void An_embedder_that_is_disposed_of_leaves_no_tensor_behind()
    {
        long tensors = torch.Tensor.TotalCount;

        using (IEmbedder embedder = Embedders.Create(new RandomWeights(1), Embedding.OnCpu(batchSize: 1)))
        {
            Assert.True(torch.Tensor.TotalCount > tensors);
        }

        Assert.Equal(tensors, torch.Tensor.TotalCount);
    }

    [Fact]
    public void An_embedder_that_fails_to_load_leaves_no_tensor_behind()
    {
        long tensors = torch.Tensor.TotalCount;

        Assert.Throws<InvalidDataException>(() => Embedders.Create(new WeightsThatEnd(), Embedding.OnCpu(batchSize: 1)));

        Assert.Equal(tensors, torch.Tensor.TotalCount);
    }

    private void Embed(int times, byte[] gray)
    {
        for (int i = 0; i < times; i++)
        {
            golden.Embedder.EmbedAll(gray);
        }
    }

    private sealed class WeightsThatEnd : INetworkWeights
    {
        public string Identity => "end";

        public bool IsRandom => true;

        public void Read(string variable, ReadOnlySpan<long> expectedShape, Span<float> destination)
        {
            if (variable.Contains("Mixed_5b", StringComparison.Ordinal))
            {
                throw new InvalidDataException(variable);
            }
        }
    }
}
