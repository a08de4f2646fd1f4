using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>The 1x1 convolutions at the heads of a block's branches. They read the same input, so one wider convolution does them all.</summary>
internal sealed class BranchHeads(IConvolution together, int[] channels)
{
    /// <summary>Each branch's part: views of one tensor.</summary>
    public Tensor[] Apply(Tensor x)
    {
        Tensor all = together.Apply(x);
        var parts = new Tensor[channels.Length];
        int first = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = all.narrow(1, first, channels[i]);
            first += channels[i];
        }

        return parts;
    }
}
