namespace Koalarization.Imaging.Fitting;

/// <summary>LANCZOS as Pillow writes it down, one sum at a time: the reference for the vector kernels, and what runs without AVX2.</summary>
internal sealed class ScalarLanczosKernel : ILanczosKernel
{
    public void Horizontal(in PixelRows source, int channels, LanczosTable table, in PixelRows target)
    {
        for (int y = 0; y < target.Rows; y++)
        {
            ReadOnlySpan<byte> from = source.Row(y);
            Span<byte> to = target.Row(y);
            for (int x = 0; x < table.Target; x++)
            {
                ReadOnlySpan<int> weights = table.Weights(x);
                for (int channel = 0; channel < channels; channel++)
                {
                    int sum = LanczosTable.Half;
                    int at = (table.First(x) * channels) + channel;
                    foreach (int weight in weights)
                    {
                        sum += weight * from[at];
                        at += channels;
                    }

                    to[(x * channels) + channel] = Clip(sum);
                }
            }
        }
    }

    public void Vertical(in PixelRows source, LanczosTable table, in PixelRows target)
    {
        for (int y = 0; y < table.Target; y++)
        {
            ReadOnlySpan<int> weights = table.Weights(y);
            Span<byte> to = target.Row(y);
            for (int x = 0; x < to.Length; x++)
            {
                int sum = LanczosTable.Half;
                for (int k = 0; k < weights.Length; k++)
                {
                    sum += weights[k] * source.Row(table.First(y) + k)[x];
                }

                to[x] = Clip(sum);
            }
        }
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> LanczosTable.FractionBits, 0, 255);
}
