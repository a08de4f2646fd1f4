using System.Buffers;
using System.Text;

namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>Which libturbojpeg this process has loaded. The API has no version call; the library's own bytes contain it.</summary>
internal static class TurboJpegVersion
{
    private static readonly SearchValues<byte> VersionBytes = SearchValues.Create("0123456789."u8);

    public static string Read()
    {
        try
        {
            string? path = File.ReadLines("/proc/self/maps")
                .Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .FirstOrDefault(path => path.Contains("/libturbojpeg.so", StringComparison.Ordinal));
            return path is null ? "libturbojpeg" : FromBytes(File.ReadAllBytes(path)) ?? Path.GetFileName(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "libturbojpeg";
        }
    }

    private static string? FromBytes(ReadOnlySpan<byte> library)
    {
        ReadOnlySpan<byte> words = "libjpeg-turbo version "u8;
        int found = library.IndexOf(words);
        if (found < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> version = library[(found + words.Length)..];
        int end = version.IndexOfAnyExcept(VersionBytes);
        return end is < 1 or > 20 ? null : "libjpeg-turbo " + Encoding.ASCII.GetString(version[..end]);
    }
}
