using System.Runtime.InteropServices;

namespace Koalarization.Koala.LabBatch;

/// <summary>The memory of a device.</summary>
internal static class DeviceMemory
{
    /// <summary>Whether an exception says that there was not enough. Torch has no type for it, only messages: "CUDA out of memory", "not enough memory".</summary>
    public static bool IsExhausted(Exception exception) =>
        exception is OutOfMemoryException
        || (exception is ExternalException && (exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || exception.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)));
}
