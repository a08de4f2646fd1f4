using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Dataset.Records;

/// <summary>The hash of all that changes a record's numbers, beside its pictures. Records of one set have one key.</summary>
public static class PipelineKey
{
    /// <summary>The key, in lower-case hex.</summary>
    /// <param name="weights">The network's weights: their SHA-256, or <c>random:SEED</c>.</param>
    /// <param name="precision">The precision of the network, with the device family where it is not fp32.</param>
    /// <param name="compatibility"><c>none</c> or <c>original</c>.</param>
    /// <param name="width">Width of the resized pictures.</param>
    /// <param name="height">Height of the resized pictures.</param>
    /// <param name="codecFingerprint">What the JPEG library makes of a known set of pictures.</param>
    public static string Of(string weights, string precision, string compatibility, int width, int height, string codecFingerprint)
    {
        string[] parts = [weights, precision, compatibility, $"{width}x{height}", codecFingerprint];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }
}
