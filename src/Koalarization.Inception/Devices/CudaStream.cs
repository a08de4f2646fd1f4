namespace Koalarization.Inception.Devices;

/// <summary>
/// A stream of a GPU: its copies and kernels run in order, and beside those of other streams. TorchSharp has none; libtorch's C interface
/// (torch/csrc/inductor/aoti_torch/c/shim.h) takes one of CUDA's runtime.
/// </summary>
internal sealed unsafe class CudaStream : IDisposable
{
    private const uint NonBlocking = 1;
    private static readonly delegate* unmanaged<int, int> SetDevice = (delegate* unmanaged<int, int>)Function("cudaSetDevice");
    private static readonly delegate* unmanaged<nint*, uint, int> Create = (delegate* unmanaged<nint*, uint, int>)Function("cudaStreamCreateWithFlags");
    private static readonly delegate* unmanaged<nint, int> Synchronize = (delegate* unmanaged<nint, int>)Function("cudaStreamSynchronize");
    private static readonly delegate* unmanaged<nint, int> Destroy = (delegate* unmanaged<nint, int>)Function("cudaStreamDestroy");
    private static readonly delegate* unmanaged<nint, int, nint*, int> CreateGuard = (delegate* unmanaged<nint, int, nint*, int>)Function("aoti_torch_create_cuda_stream_guard");
    private static readonly delegate* unmanaged<nint, int> DeleteGuard = (delegate* unmanaged<nint, int>)Function("aoti_torch_delete_cuda_stream_guard");

    private readonly int _device;
    private readonly nint _stream;

    /// <param name="device">The GPU's index.</param>
    /// <exception cref="InvalidOperationException">CUDA makes none.</exception>
    public CudaStream(int device)
    {
        _device = device;
        nint stream = 0;
        Check(SetDevice(device), "cudaSetDevice");
        Check(Create(&stream, NonBlocking), "cudaStreamCreateWithFlags");
        _stream = stream;
    }

    /// <summary>What this thread gives libtorch to do goes to the stream, until the result is disposed of, on the same thread.</summary>
    public IDisposable Use()
    {
        nint guard = 0;
        Check(CreateGuard(_stream, _device, &guard), "aoti_torch_create_cuda_stream_guard");
        return new Guard(guard);
    }

    /// <summary>Returns when all that was queued is done.</summary>
    public void Wait() => Check(Synchronize(_stream), "cudaStreamSynchronize");

    public void Dispose() => _ = Destroy(_stream);

    private static nint Function(string name) =>
        LibTorch.TryGetFunction(name, out nint function) ? function : throw new EntryPointNotFoundException($"libtorch {LibTorch.Version} has no {name}.");

    private static void Check(int code, string function)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"{function} failed with CUDA's error {code}.");
        }
    }

    private sealed class Guard(nint guard) : IDisposable
    {
        public void Dispose() => _ = DeleteGuard(guard);
    }
}
