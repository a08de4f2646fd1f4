namespace Koalarization.Inception.Devices;

/// <summary>What would make the network faster on this machine than what was chosen.</summary>
public static class FasterHere
{
    private static readonly string[] Environments = ["VIRTUAL_ENV", "CONDA_PREFIX"];

    /// <summary>One sentence without a full stop that names the option, or null where nothing would.</summary>
    /// <param name="device">The device that was chosen.</param>
    /// <param name="precision">The precision that was chosen.</param>
    public static string? Sentence(EmbedDevice device, EmbedPrecision precision) =>
        Sentence(device, precision, CpuFeatures.HasBf16, CudaDriver.Cuda is null ? null : TorchWithCuda(Environment.GetEnvironmentVariable), LibTorch.Folder);

    /// <summary>The same, of a machine as given.</summary>
    /// <param name="device">The device that was chosen.</param>
    /// <param name="precision">The precision that was chosen.</param>
    /// <param name="hasBf16">Whether its processor multiplies in bf16.</param>
    /// <param name="torch">The folder of a libtorch for its GPU, if it has both.</param>
    /// <param name="used">The folder of the libtorch that is named already.</param>
    internal static string? Sentence(EmbedDevice device, EmbedPrecision precision, bool hasBf16, string? torch, string? used) =>
        device.Kind != EmbedDeviceKind.Cpu ? null
        : torch is not null ? $"the PyTorch of this Python environment has CUDA, and a GPU is many times faster than the CPU: add --device cuda{(torch == used ? "" : $" --libtorch {torch}")}"
        : precision == EmbedPrecision.Fp32 && hasBf16
            ? "this processor computes about twice as fast in bf16, where logits differ from fp32's by up to 0.1 (they reach 4): add --precision bf16"
        : null;

    /// <summary>The <c>torch/lib</c> of the active Python environment, where that PyTorch is for CUDA; null: there is none.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    internal static string? TorchWithCuda(Func<string, string?> variable)
    {
        foreach (string environment in Environments.Select(variable).OfType<string>().Where(path => path.Length > 0))
        {
            try
            {
                foreach (string python in Directory.EnumerateDirectories(Path.Combine(environment, "lib"), "python3*").Order(StringComparer.Ordinal))
                {
                    string folder = Path.Combine(python, "site-packages", "torch", "lib");
                    if (File.Exists(Path.Combine(folder, "libtorch_cuda.so")))
                    {
                        return folder;
                    }
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // An environment that was removed is still named in its shell.
            }
        }

        return null;
    }
}
