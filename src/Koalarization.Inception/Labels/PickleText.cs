using System.Globalization;
using System.Text;

namespace Koalarization.Inception.Labels;

/// <summary>The three ways in which a pickle writes a string.</summary>
internal static class PickleText
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A string of Python 2 is bytes: UTF-8 where it is that, else Latin-1.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return s_strictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>UTF-8 in which Python allows lone surrogates; they become U+FFFD.</summary>
    public static string FromUtf8(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>Latin-1 with <c>\uXXXX</c> and <c>\UXXXXXXXX</c>; null when an escape is cut or no character.</summary>
    public static string? FromRawUnicodeEscape(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            int digits = line[i] != '\\' || i + 1 == line.Length ? 0 : line[i + 1] switch { (byte)'u' => 4, (byte)'U' => 8, _ => 0 };
            if (digits == 0)
            {
                text.Append((char)line[i]);
                continue;
            }

            if (!TryHex(line[(i + 2)..], digits, out uint character) || character > 0x10FFFF)
            {
                return null;
            }

            text.Append(character < 0x10000 ? ((char)character).ToString() : char.ConvertFromUtf32((int)character));
            i += 1 + digits;
        }

        return text.ToString();
    }

    /// <summary>The bytes of a quoted Python literal; null when it is not one.</summary>
    public static byte[]? FromLiteral(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2 || line[0] is not ((byte)'\'' or (byte)'"') || line[^1] != line[0])
        {
            return null;
        }

        ReadOnlySpan<byte> quoted = line[1..^1];
        var bytes = new List<byte>(quoted.Length);
        while (!quoted.IsEmpty)
        {
            int taken = 1;
            byte value = quoted[0];
            if (value == '\\' && !TryEscape(quoted[1..], out value, out taken))
            {
                return null;
            }

            bytes.Add(value);
            quoted = quoted[taken..];
        }

        return [.. bytes];
    }

    // What Python's repr writes: quotes, backslash, three white spaces, and \xNN.
    private static bool TryEscape(ReadOnlySpan<byte> escape, out byte value, out int taken)
    {
        taken = 2;
        value = escape switch
        {
            [(byte)'n', ..] => (byte)'\n',
            [(byte)'r', ..] => (byte)'\r',
            [(byte)'t', ..] => (byte)'\t',
            [(byte)'\\' or (byte)'\'' or (byte)'"', ..] => escape[0],
            _ => 0,
        };
        if (value == 0 && escape is [(byte)'x', ..] && TryHex(escape[1..], 2, out uint hex))
        {
            taken = 4;
            value = (byte)hex;
            return true;
        }

        return value != 0;
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, int count, out uint value)
    {
        value = 0;
        return digits.Length >= count
            && uint.TryParse(digits[..count], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
