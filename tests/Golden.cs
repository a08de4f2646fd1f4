using System.Globalization;
using System.Runtime.CompilerServices;
using SharpCompress.Compressors.Xz;

namespace Koalarization.Testing;

/// <summary>The files of <c>tests/golden</c>: what the original pipeline and TensorFlow really give.</summary>
internal static class Golden
{
    public static string Folder { get; } = Path.Combine(TestsFolder(), "golden");

    /// <summary>The path of one golden file or folder, named as in <c>tests/golden</c>.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static string[] Lines(string name) => File.ReadAllLines(PathOf(name));

    public static float[] Floats(string name)
    {
        byte[] bytes = Bytes(name);
        var floats = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, floats, 0, bytes.Length);
        return floats;
    }

    /// <summary>
    /// Unpacks <c>NAME.xz</c> once for all test projects and gives the path of the unpacked file, which keeps its name.
    /// </summary>
    public static string Unpacked(string name)
    {
        string target = Path.Combine(TestsFolder(), "obj", "golden", name);
        if (File.Exists(target))
        {
            return target;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);

        // Test projects run side by side: each writes its own file, and a rename makes one of them the file.
        string temporary = string.Create(CultureInfo.InvariantCulture, $"{target}.{Environment.ProcessId}.tmp");
        using (var packed = new XZStream(File.OpenRead(PathOf(name + ".xz"))))
        using (FileStream unpacked = File.Create(temporary))
        {
            packed.CopyTo(unpacked);
        }

        File.Move(temporary, target, overwrite: true);
        return target;
    }

    private static string TestsFolder([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
