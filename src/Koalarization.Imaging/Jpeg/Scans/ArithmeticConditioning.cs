namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>What arithmetic decisions depend on (DAC segments; ITU-T T.81, B.2.4.3).</summary>
internal sealed class ArithmeticConditioning
{
    private const int Tables = 16;

    private readonly byte[] _dcLow = new byte[Tables];
    private readonly byte[] _dcHigh = [.. Enumerable.Repeat((byte)1, Tables)];
    private readonly byte[] _acLow = [.. Enumerable.Repeat((byte)5, Tables)];

    /// <summary>Takes over a segment; false when it is none.</summary>
    public bool TryRead(ReadOnlySpan<byte> body)
    {
        for (; body.Length >= 2; body = body[2..])
        {
            int table = body[0], value = body[1];
            if (table >= 2 * Tables || (table < Tables && (value & 15) > value >> 4))
            {
                return false;
            }

            if (table >= Tables)
            {
                _acLow[table - Tables] = (byte)value;
            }
            else
            {
                (_dcLow[table], _dcHigh[table]) = ((byte)(value & 15), (byte)(value >> 4));
            }
        }

        return body.IsEmpty;
    }

    /// <summary>Where the decisions on the next DC difference begin, after a difference of this magnitude less one.</summary>
    public int DcContext(int table, int magnitude, int sign) =>
        magnitude < 1 << _dcLow[table] >> 1 ? 0 : (magnitude > 1 << _dcHigh[table] >> 1 ? 12 : 4) + (4 * sign);

    /// <summary>Whether a coefficient counts as a low one.</summary>
    public bool IsLow(int table, int coefficient) => coefficient <= _acLow[table];
}
