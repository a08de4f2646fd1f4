namespace Koalarization.Inception.Network;

/// <summary>Who computes convolutions. The network is described once and runs on any of them.</summary>
internal interface IConvolutionEngine
{
    /// <summary>Takes a filter's numbers over.</summary>
    IConvolution Prepare(Filter filter, bool relu);
}
