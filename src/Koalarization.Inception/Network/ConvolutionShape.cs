namespace Koalarization.Inception.Network;

/// <summary>One convolution's geometry; dilation and groups are always 1.</summary>
/// <param name="InputChannels">Channels in.</param>
/// <param name="OutputChannels">Channels out.</param>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="Stride">Step in both directions.</param>
/// <param name="IsPadded">TensorFlow's SAME (true; stride 1 and odd kernels only) or VALID (false).</param>
internal readonly record struct ConvolutionShape(
    int InputChannels, int OutputChannels, int KernelHeight, int KernelWidth, int Stride = 1, bool IsPadded = true)
{
    public long[] Padding => IsPadded ? [KernelHeight / 2, KernelWidth / 2] : [0, 0];

    public long[] Strides => [Stride, Stride];

    /// <summary>As the checkpoint stores weights: [height, width, in, out].</summary>
    public long[] WeightShape => [KernelHeight, KernelWidth, InputChannels, OutputChannels];

    public int WeightCount => KernelHeight * KernelWidth * InputChannels * OutputChannels;
}
