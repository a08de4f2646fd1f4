
using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests.Devices;

public sealed class GrayInputTests
{
    [Fact]
    public void Gives_the_originals_input_for_every_byte()
    {
        var input = new float[256];

        GrayInput.Convert([.. Enumerable.Range(0, 256).Select(gray => (byte)gray)], input);

        Assert.Equal(Golden.Floats("gray/inception_input_256.f32"), input);
    }
}
