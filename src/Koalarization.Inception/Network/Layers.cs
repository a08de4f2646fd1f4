using Koalarization.Inception.Weights;

namespace Koalarization.Inception.Network;

/// <summary>Makes the network's layers, by their names in the checkpoint, and owns them.</summary>
internal sealed class Layers : IDisposable
{
    private readonly INetworkWeights _weights;
    private readonly IConvolutionEngine _engine;
    private readonly string _scope;
    private readonly CancellationToken _cancellation;
    private readonly List<IConvolution> _made;

    /// <param name="weights">The network's variables.</param>
    /// <param name="engine">Computes the layers.</param>
    /// <param name="scope">What the names begin with.</param>
    /// <param name="cancellation">Ends the loading between two layers.</param>
    public Layers(INetworkWeights weights, IConvolutionEngine engine, string scope, CancellationToken cancellation = default)
        : this(weights, engine, scope, [], cancellation)
    {
    }

    private Layers(INetworkWeights weights, IConvolutionEngine engine, string scope, List<IConvolution> made, CancellationToken cancellation)
        => (_weights, _engine, _scope, _cancellation, _made) = (weights, engine, scope, cancellation, made);

    /// <summary>The layers whose names begin with a block's.</summary>
    public Layers In(string block) => new(_weights, _engine, $"{_scope}/{block}", _made, _cancellation);

    /// <summary>Convolution, batch norm, ReLU.</summary>
    public IConvolution Conv(string name, ConvolutionShape shape)
        => Keep(Filter.BatchNormalized(_weights, Name(name), shape), relu: true);

    /// <summary><see cref="Conv"/> of a picture that has the same number in all channels and is given as one channel.</summary>
    public IConvolution ConvOfGray(string name, ConvolutionShape shape)
        => Keep(Filter.BatchNormalized(_weights, Name(name), shape).OfOneChannel(), relu: true);

    /// <summary>The 1x1 convolution that a residual block adds, scaled, to its input: biases, no batch norm.</summary>
    public IConvolution Residual(int inputs, int outputs, double scale, bool relu)
        => Keep(Filter.Biased(_weights, Name("Conv2d_1x1"), new ConvolutionShape(inputs, outputs, 1, 1), scale), relu);

    /// <summary>The fully connected layer, applied to [N, inputs, 1, 1].</summary>
    public IConvolution FullyConnected(string name, int inputs, int outputs)
        => Keep(Filter.FullyConnected(_weights, Name(name), inputs, outputs), relu: false);

    /// <summary>The 1x1 convolutions with which several branches begin on the same input.</summary>
    public BranchHeads Heads(int inputs, params (string Name, int Outputs)[] branches)
    {
        Filter[] filters = [.. branches.Select(
            branch => Filter.BatchNormalized(_weights, Name(branch.Name), new ConvolutionShape(inputs, branch.Outputs, 1, 1)))];
        return new BranchHeads(Keep(Filter.SideBySide(filters), relu: true), [.. branches.Select(branch => branch.Outputs)]);
    }

    public void Dispose() => _made.ForEach(layer => layer.Dispose());

    private string Name(string name) => $"{_scope}/{name}";

    private IConvolution Keep(Filter filter, bool relu)
    {
        _cancellation.ThrowIfCancellationRequested();
        IConvolution layer = _engine.Prepare(filter, relu);
        _made.Add(layer);
        return layer;
    }
}
