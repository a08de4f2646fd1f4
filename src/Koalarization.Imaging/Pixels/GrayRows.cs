using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging.Pixels;

/// <summary>Gray to RGB.</summary>
internal static class GrayRows
{
    /// <summary>Each byte three times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Repeat(ReadOnlySpan<byte> gray, Span<byte> rgb)
    {
        int done = 0;
        if (Ssse3.IsSupported)
        {
            for (; done + 16 <= gray.Length; done += 16)
            {
                Vector128<byte> values = Vector128.Create(gray.Slice(done, 16));
                Span<byte> to = rgb[(3 * done)..];
                Ssse3.Shuffle(values, Vector128.Create((byte)0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5)).CopyTo(to);
                Ssse3.Shuffle(values, Vector128.Create((byte)5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10)).CopyTo(to[16..]);
                Ssse3.Shuffle(values, Vector128.Create((byte)10, 11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15)).CopyTo(to[32..]);
            }
        }

        for (; done < gray.Length; done++)
        {
            rgb.Slice(3 * done, 3).Fill(gray[done]);
        }
    }
}
