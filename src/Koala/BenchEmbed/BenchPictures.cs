using System.Buffers;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Inception;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.BenchEmbed;

/// <summary>The pictures that a benchmark feeds.</summary>
/// <param name="Gray">[N, 299, 299] gray bytes; a folder with fewer pictures is repeated.</param>
/// <param name="DecodingMilliseconds">A core's time to read and decode one.</param>
internal sealed record BenchPictures(ReadOnlyMemory<byte> Gray, double DecodingMilliseconds)
{
    private const int Different = 64;
    private const int Quality = 75;

    /// <summary>Reads a folder's first pictures, or makes some up.</summary>
    public static BenchPictures Of(string? folder, IJpegCodec codec, int count, TimeProvider time)
    {
        if (folder is not null)
        {
            string[] names = [.. PictureFolder.Names(folder, new SkippedFiles()).Take(Different)];
            return names.Length > 0
                ? Read([.. names.Select(name => PictureFolder.PathOf(folder, name))], codec, count, time)
                : throw WrongFolder.WithoutPictures(folder, FolderUse.ResizedPictures, null);
        }

        DirectoryInfo made = Directory.CreateTempSubdirectory("koala-bench-");
        try
        {
            return Read([.. Enumerable.Range(0, Different).Select(number => MakeUp(made.FullName, number, codec))], codec, count, time);
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    private static BenchPictures Read(IReadOnlyList<string> paths, IJpegCodec codec, int count, TimeProvider time)
    {
        var gray = new byte[count * InceptionResNetV2Shape.PicturePixels];
        Decode(paths, codec, gray, Math.Min(count, paths.Count));
        long start = time.GetTimestamp();
        Decode(paths, codec, gray, count);
        return new BenchPictures(gray, time.GetElapsedTime(start).TotalMilliseconds / count);
    }

    private static void Decode(IReadOnlyList<string> paths, IJpegCodec codec, byte[] gray, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string path = paths[i % paths.Count];
            if (!PreparedPicture.TryRead(codec, path, sha256: null, out PreparedPicture? prepared, out LeftOutPicture? leftOut))
            {
                throw new UserErrorException($"{path} is no resized picture: {leftOut.Detail ?? leftOut.Reason}.");
            }

            using (prepared)
            {
                prepared.WriteGray(gray.AsSpan(i * InceptionResNetV2Shape.PicturePixels, InceptionResNetV2Shape.PicturePixels));
            }
        }
    }

    // Waves with noise: as large as a resized photograph's file, about 20 kB.
    private static string MakeUp(string folder, int number, IJpegCodec codec)
    {
        const int Size = PreparedPicture.Size;
        var noise = new Random(number);
        using Picture picture = Picture.Rent(Size, Size, 3);
        Span<byte> pixels = picture.Pixels;
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    double wave = Math.Sin((x * (1 + number % 7) + channel * 40) / 30.0) + Math.Cos(y * (1 + number % 5) / 25.0);
                    pixels[(y * Size + x) * 3 + channel] = (byte)Math.Clamp(128 + 50 * wave + noise.Next(-12, 13), 0, 255);
                }
            }
        }

        var jpeg = new ArrayBufferWriter<byte>();
        codec.Encode(picture, Quality, jpeg);
        string path = Path.Combine(folder, $"{number}.jpeg");
        File.WriteAllBytes(path, jpeg.WrittenSpan);
        return path;
    }
}
