using System.Globalization;
using FsCheck.Xunit;
using Koalarization.Imaging.Colour;

namespace Koalarization.Imaging.Tests.Colour;

public class GrayConverterTests
{
    [Fact]
    public void All_colours_are_TensorFlow_s()
    {
        var rgb = new byte[3 << 24];
        for (int colour = 0; colour < 1 << 24; colour++)
        {
            rgb[3 * colour] = (byte)(colour >> 16);
            rgb[(3 * colour) + 1] = (byte)(colour >> 8);
            rgb[(3 * colour) + 2] = (byte)colour;
        }

        var gray = new byte[1 << 24];
        GrayConverter.Convert(rgb, gray);
        Assert.Equal(Golden.Lines("gray/all_colours.txt")[1], GoldenPictures.Sha256(gray));
    }

    [Fact]
    public void Samples_are_TensorFlow_s()
    {
        foreach (string[] row in GoldenPictures.Rows("gray/samples.csv"))
        {
            byte[] values = [.. row.Select(text => byte.Parse(text, CultureInfo.InvariantCulture))];
            byte[] gray = new byte[1];
            GrayConverter.Convert(values.AsSpan(0, 3), gray);
            Assert.Equal(values[3], gray[0]);
        }
    }

    [Fact]
    public void One_at_a_time_all_colours_are_TensorFlow_s_too()
    {
        var rgb = new byte[3 << 16];
        var gray = new byte[1 << 16];
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        for (int red = 0; red < 256; red++)
        {
            for (int rest = 0; rest < 1 << 16; rest++)
            {
                (rgb[3 * rest], rgb[(3 * rest) + 1], rgb[(3 * rest) + 2]) = ((byte)red, (byte)(rest >> 8), (byte)rest);
            }

            GrayConverter.ConvertScalar(rgb, gray);
            hash.AppendData(gray);
        }

        Assert.Equal(Golden.Lines("gray/all_colours.txt")[1], Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Property(MaxTest = 200)]
    public void Vectors_give_the_scalar_path_s_bytes(int seed)
    {
        int pixels = new Random(seed).Next(200);
        byte[] rgb = RandomBytes.Of(seed, 3 * pixels);
        var expected = new byte[pixels];
        var found = new byte[pixels];
        GrayConverter.ConvertScalar(rgb, expected);
        GrayConverter.Convert(rgb, found);
        Assert.Equal(expected, found);
    }
}
