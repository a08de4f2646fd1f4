namespace Koalarization.Inception.Devices;

/// <summary>The sorts of device.</summary>
public enum EmbedDeviceKind
{
    /// <summary>The processor's cores.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU, in a build with TorchDevice=cuda.</summary>
    Cuda,

    /// <summary>A fixed rate and made-up numbers, for trying out everything around the network.</summary>
    Simulated,
}
