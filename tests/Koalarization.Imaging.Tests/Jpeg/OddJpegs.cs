namespace Koalarization.Imaging.Tests.Jpeg;

/// <summary>
/// JPEGs as people report them: made from small files, each with what djpeg 2.1.5 and Pillow 9.4 make of it. Pixels are those of the file that it was made
/// from, unless said otherwise.
/// </summary>
internal static class OddJpegs
{
    /// <summary>SHA-256 of djpeg's and Pillow's RGB pixels of all files in <c>Odd</c> but <c>rgb</c> and <c>gray</c>.</summary>
    public const string Pixels = "682d5973ddf8116280d6aa7190c03db49ef8a87a85ec28cb3d3174c140d53b82";

    /// <summary>Of <c>rgb</c>, which is told from YCbCr by its components' numbers.</summary>
    public const string RgbPixels = "013d1647a0c917ff1581fd9994535689f7c36fb06d62fc27316368dae4da6d15";

    /// <summary>Of <c>gray</c>, repeated.</summary>
    public const string GrayPixels = "35a8ecf4b25900981d1d5459f9fa8648bfbb13c7c25f8b4e2aba18ac0c4fdcc5";

    /// <summary>Files that are whole, with the SHA-256 of their pixels.</summary>
    public static IEnumerable<(string Name, byte[] Jpeg, string Pixels)> Whole()
    {
        byte[] baseline = Read("baseline"), restart = Read("restart"), progressive = Read("progressive"), scans = Read("three_scans"), arithmetic = Read("arithmetic");
        (_, int jfif, int afterJfif) = JpegParts.First(baseline, 0xE0);
        (_, int scan, int data) = JpegParts.First(baseline, 0xDA);

        yield return ("JFIF version 0.01", With(baseline, jfif + 9, 0), Pixels);
        yield return ("JFIF version 2.01", With(baseline, jfif + 9, 2), Pixels);
        yield return ("Adobe transform 3 without JFIF", [.. baseline[..jfif], .. Adobe(3), .. baseline[afterJfif..]], Pixels);
        yield return ("Adobe transform 2 of three components", [.. baseline[..jfif], .. Adobe(2), .. baseline[afterJfif..]], Pixels);
        yield return ("scan parameters of zeros (Samsung phones)", With(baseline, data - 3, 0, 0, 0), Pixels);
        yield return ("scan parameters of a progressive scan", With(baseline, data - 3, 1, 5, 0x12), Pixels);
        yield return ("no end marker", baseline[..^2], Pixels);
        yield return ("no end marker, and text behind it", [.. baseline[..^2], .. "<html>404 not found</html>"u8], Pixels);
        yield return ("half an end marker", baseline[..^1], Pixels);
        yield return ("zeros in place of the end marker", [.. baseline[..^2], .. new byte[64]], Pixels);
        yield return ("a film in place of the end marker (panoramas)", [.. baseline[..^2], .. Film], Pixels);
        yield return ("a trailer with a frame header in it", [.. baseline[..^2], .. "trailer"u8, 0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8], Pixels);
        yield return ("a trailer with another scan", [.. baseline[..^2], .. "trailer"u8, .. baseline[scan..]], Pixels);
        yield return ("a film behind the end marker (motion photos)", [.. baseline, .. Film], Pixels);
        yield return ("a second picture behind the end marker (MPO)", [.. baseline, .. progressive], Pixels);
        yield return ("bytes before the end marker", JpegParts.With(baseline, baseline.Length - 2, 1, 2, 3), Pixels);
        yield return ("a restart marker before the end marker", JpegParts.With(baseline, baseline.Length - 2, 0xFF, 0xD0), Pixels);
        yield return ("fill bytes before every marker", JpegParts.With(JpegParts.With(baseline, baseline.Length - 2, 0xFF, 0xFF), jfif, 0xFF, 0xFF), Pixels);
        yield return ("2047 bytes before a restart marker", JpegParts.With(restart, Restart(restart, 1), new byte[2047]), Pixels);
        yield return ("stray bytes with FF 30 in them before a restart marker", JpegParts.With(restart, Restart(restart, 2), 1, 0xFF, 0x30, 7), Pixels);
        yield return ("a comment of length 0", JpegParts.With(baseline, afterJfif, 0xFF, 0xFE, 0, 0), Pixels);
        yield return ("a comment of length 1", JpegParts.With(baseline, afterJfif, 0xFF, 0xFE, 0, 1), Pixels);
        yield return ("an application segment of length 2", JpegParts.With(baseline, afterJfif, 0xFF, 0xE5, 0, 2), Pixels);
        yield return ("an application segment of length 0", JpegParts.With(baseline, afterJfif, 0xFF, 0xE5, 0, 0), Pixels);
        yield return ("a JFIF segment that is too short", [.. baseline[..jfif], 0xFF, 0xE0, 0, 7, .. "JFIF\0"u8, .. baseline[afterJfif..]], Pixels);
        yield return ("the number of lines said again behind the scan (DNL)", JpegParts.With(baseline, baseline.Length - 2, 0xFF, 0xDC, 0, 4, 0, 67), Pixels);
        yield return ("no Huffman tables (MJPEG of webcams)", JpegParts.Without(baseline, 0xC4), Pixels);
        yield return ("AVI1 and no Huffman tables", [.. baseline[..jfif], 0xFF, 0xE0, 0, 16, .. "AVI1"u8, .. new byte[10], .. JpegParts.Without(baseline, 0xC4)[afterJfif..]], Pixels);
        yield return ("extended sequential", With(baseline, JpegParts.First(baseline, 0xC0).Start + 1, 0xC1), Pixels);
        yield return ("quantisation tables of 16 bits", WithWideTables(baseline), Pixels);
        yield return ("quantisation tables behind the frame header", WithTablesBehindFrame(baseline), Pixels);
        yield return ("a quantisation table number 3", WithLastTableNumbered(baseline, 3), Pixels);
        yield return ("a Huffman table without a code", JpegParts.With(baseline, scan, [0xFF, 0xC4, 0, 19, 0x13, .. new byte[16]]), Pixels);
        yield return ("211 bytes before the end marker", JpegParts.With(baseline, baseline.Length - 2, new byte[211]), Pixels);
        yield return ("JFIF version 0.00, and bytes before the end marker", JpegParts.With(With(baseline, jfif + 9, 0, 0), baseline.Length - 2, 7, 7, 7), Pixels);
        yield return ("bytes that belong to no segment", JpegParts.With(baseline, afterJfif, 1, 2, 3), Pixels);
        yield return ("components numbered from 0", Renumbered(baseline, 0, 1, 2), Pixels);
        yield return ("components that are all number 1", Renumbered(baseline, 1, 1, 1), Pixels);
        yield return ("each component in a scan of its own", scans, Pixels);
        yield return ("three scans and no end marker", scans[..^2], Pixels);
        yield return ("three scans and a film", [.. scans[..^2], .. Film], Pixels);
        yield return ("progressive without its end marker", progressive[..^2], Pixels);
        yield return ("progressive, and a film in place of its end marker", [.. progressive[..^2], .. Film], Pixels);
        yield return ("arithmetic", arithmetic, Pixels);
        yield return ("arithmetic and progressive", Read("arithmetic_progressive"), Pixels);
        yield return ("arithmetic with restarts", Read("arithmetic_restart"), Pixels);
        yield return ("arithmetic, JFIF version 2.01", With(arithmetic, JpegParts.First(arithmetic, 0xE0).Start + 9, 2), Pixels);
        yield return ("arithmetic, and a film behind the end marker", [.. arithmetic, .. Film], Pixels);
        yield return ("RGB by the components' numbers", Read("rgb"), RgbPixels);
        yield return ("gray with sampling factors of 2", With(Read("gray"), JpegParts.First(Read("gray"), 0xC0).Start + 11, 0x22), GrayPixels);
    }

    /// <summary>Files of which blocks are lost, or that no reader takes.</summary>
    public static IEnumerable<(string Name, byte[] Jpeg)> Damaged()
    {
        byte[] baseline = Read("baseline"), restart = Read("restart"), progressive = Read("progressive"), scans = Read("three_scans");
        (_, int jfif, int afterJfif) = JpegParts.First(baseline, 0xE0);
        int frame = JpegParts.First(baseline, 0xC0).Start, third = scans.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xDA]);
        int lastScan = progressive.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xDA]), lastTables = progressive.AsSpan(0, lastScan).LastIndexOf([(byte)0xFF, (byte)0xC4]);

        yield return ("cut by ten bytes", baseline[..^10]);
        yield return ("cut by ten bytes, and an end marker put there", [.. baseline[..^10], 0xFF, 0xD9]);
        yield return ("cut by ten bytes, and a film put there", [.. baseline[..^10], .. Film]);
        yield return ("cut by three bytes", baseline[..^3]);
        yield return ("cut by a hundred bytes and filled up with zeros", [.. baseline[..^100], .. new byte[4096]]);
        yield return ("cut by a hundred bytes and filled up with U", [.. baseline[..^100], .. Enumerable.Repeat((byte)'U', 4096)]);
        yield return ("three scans, cut and filled up with zeros", [.. scans[..^20], .. new byte[4096]]);
        yield return ("a restart interval that is half zeros", [.. restart[..(Restart(restart, 2) - 40)], .. new byte[512], .. restart[Restart(restart, 2)..]]);
        yield return ("more rows claimed than there are", With(baseline, frame + 5, 0, 200));
        yield return ("no quantisation tables", JpegParts.Without(baseline, 0xDB));
        yield return ("two restart markers exchanged", With(With(restart, Restart(restart, 0) + 1, 0xD1), Restart(restart, 1) + 1, 0xD0));
        yield return ("a restart marker that is missing", [.. restart[..Restart(restart, 1)], .. restart[(Restart(restart, 1) + 2)..]]);
        yield return ("a restart interval that is missing", [.. restart[..Restart(restart, 1)], .. restart[Restart(restart, 2)..]]);
        yield return ("a restart interval cut by two bytes", [.. restart[..(Restart(restart, 2) - 2)], .. restart[Restart(restart, 2)..]]);
        yield return ("two scans of three", [.. scans[..third], 0xFF, 0xD9]);
        yield return ("two scans of three and no end marker", scans[..third]);
        yield return ("progressive without its last scan", progressive[..lastTables]);
        yield return ("progressive, cut by ten bytes", progressive[..^10]);
        yield return ("progressive without Huffman tables", JpegParts.Without(progressive, 0xC4));
        yield return ("two beginnings", [0xFF, 0xD8, .. baseline]);
        yield return ("no height (DNL alone)", JpegParts.With(With(baseline, frame + 5, 0, 0), baseline.Length - 2, 0xFF, 0xDC, 0, 4, 0, 67));
        yield return ("quantisation tables of length 0", JpegParts.With(baseline, afterJfif, 0xFF, 0xDB, 0, 0));
        yield return ("a marker that is none", JpegParts.With(baseline, afterJfif, 0xFF, 0x0B, 0, 2));
        yield return ("arithmetic, cut by ten bytes", Read("arithmetic")[..^10]);
        yield return ("arithmetic, cut by ten bytes, and a film put there", [.. Read("arithmetic")[..^10], .. Film]);
        yield return ("arithmetic and progressive, cut by ten bytes", Read("arithmetic_progressive")[..^10]);
        yield return ("arithmetic, a restart marker that is missing", Read("arithmetic_restart") is byte[] jpeg ? [.. jpeg[..Restart(jpeg, 1)], .. jpeg[(Restart(jpeg, 1) + 2)..]] : []);
    }

    private static byte[] Film => [0, 0, 0, 24, .. "ftypmp42"u8, 0xFF, 0xF1, 0x50, 0x80, 0xFF, 0x0B, 0x12, 0x34, 0xFF, 0xC4, 0, 3, 9, .. new byte[32]];

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Jpeg", "Odd", name + ".jpeg"));

    private static byte[] With(byte[] jpeg, int offset, params ReadOnlySpan<byte> bytes)
    {
        byte[] copy = [.. jpeg];
        bytes.CopyTo(copy.AsSpan(offset));
        return copy;
    }

    private static byte[] Adobe(byte transform) => [0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform];

    private static int Restart(byte[] jpeg, int number) => jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)(0xD0 + number)]);

    private static byte[] QuantisationTables(byte[] jpeg) =>
        [.. JpegParts.Segments(jpeg).Where(segment => segment.Marker == 0xDB).SelectMany(segment => jpeg[segment.Start..segment.End])];

    private static byte[] WithWideTables(byte[] jpeg)
    {
        IEnumerable<byte[]> tables = JpegParts.Segments(jpeg).Where(segment => segment.Marker == 0xDB).SelectMany(segment => jpeg[(segment.Start + 4)..segment.End].Chunk(65));
        byte[] wide = [.. tables.SelectMany(table => (byte[])[0xFF, 0xDB, 0, 131, (byte)(0x10 | table[0]), .. table[1..].SelectMany(value => (byte[])[0, value])])];
        return JpegParts.With(JpegParts.Without(jpeg, 0xDB), JpegParts.First(jpeg, 0xDB).Start, wide);
    }

    private static byte[] WithTablesBehindFrame(byte[] jpeg)
    {
        byte[] without = JpegParts.Without(jpeg, 0xDB);
        return JpegParts.With(without, JpegParts.First(without, 0xC0).End, QuantisationTables(jpeg));
    }

    private static byte[] WithLastTableNumbered(byte[] jpeg, byte number)
    {
        byte[] copy = [.. jpeg];
        copy[JpegParts.Segments(jpeg).Last(segment => segment.Marker == 0xDB).End - 65] = number;
        int frame = JpegParts.First(jpeg, 0xC0).Start;
        copy[frame + 15] = number;
        copy[frame + 18] = number;
        return copy;
    }

    private static byte[] Renumbered(byte[] jpeg, params ReadOnlySpan<byte> numbers)
    {
        byte[] copy = [.. jpeg];
        int frame = JpegParts.First(jpeg, 0xC0).Start, scan = JpegParts.First(jpeg, 0xDA).Start;
        for (int i = 0; i < numbers.Length; i++)
        {
            copy[frame + 10 + (3 * i)] = numbers[i];
            copy[scan + 5 + (2 * i)] = numbers[i];
        }

        return copy;
    }
}
