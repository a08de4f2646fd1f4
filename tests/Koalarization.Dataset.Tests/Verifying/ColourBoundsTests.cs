using System.Runtime.InteropServices;
using Koalarization.Dataset.Verifying;

namespace Koalarization.Dataset.Tests.Verifying;

public sealed class ColourBoundsTests
{
    [Fact]
    public void Every_colour_is_within_them_and_the_corners_touch_them()
    {
        ReadOnlySpan<float> colours = MemoryMarshal.Cast<byte, float>(Golden.Bytes("lab/colours_l_a_b.f32"));
        float[] l = new float[colours.Length / 3], ab = new float[2 * l.Length];
        for (int i = 0; i < l.Length; i++)
        {
            (l[i], ab[2 * i], ab[(2 * i) + 1]) = (colours[3 * i], colours[(3 * i) + 1], colours[(3 * i) + 2]);
        }

        Assert.Null(ColourBounds.Outside(l, ab, [1e6f]));
        Assert.NotNull(ColourBounds.Outside([l.Max() + 0.001f], [0, 0], []));
        Assert.NotNull(ColourBounds.Outside([l.Min() - 0.001f], [0, 0], []));
        foreach (int channel in (int[])[0, 1])
        {
            float[] values = [.. ab.Where((_, i) => i % 2 == channel)];
            foreach (float beyond in (float[])[values.Max() + 0.001f, values.Min() - 0.001f])
            {
                Assert.NotNull(ColourBounds.Outside([0], channel == 0 ? [beyond, 0] : [0, beyond], []));
            }
        }
    }
}
