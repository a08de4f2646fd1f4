using System.Runtime.InteropServices;

namespace Koalarization.Records.Examples;

/// <summary>Where the three lists of floats begin in a picture's record.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LabExampleOffsets(int Ab, int Embedding, int Luminance);
