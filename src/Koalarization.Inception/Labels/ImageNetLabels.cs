using System.Text;

namespace Koalarization.Inception.Labels;

/// <summary>
/// The names of the network's 1001 classes. Logit 0 is the background, logit i is ImageNet's class i - 1 of ILSVRC 2012's 1000.
/// </summary>
public sealed class ImageNetLabels
{
    /// <summary>How many logits the network has.</summary>
    public const int Logits = Classes + 1;

    internal const int Classes = 1000;

    private const string Background = "background";
    private const int MaxFileBytes = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string[] _names;

    private ImageNetLabels(string[] names) => _names = names;

    /// <summary>
    /// Reads the names from a file of text or the pickle <c>imagenet1000_clsid_to_human.pkl</c>; which of the two is seen from
    /// the file.
    /// </summary>
    /// <remarks>
    /// Text: UTF-8, a name a line, 1000 lines, or 1001 of which the first is the background's. Pickle: protocol 0 to 5, a dict from
    /// the numbers 0 to 999 to strings. A pickle is a program; only what such a dict needs is read, everything else is refused.
    /// </remarks>
    /// <exception cref="LabelsException">The file is neither, or is above one megabyte.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageNetLabels Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaxFileBytes)
        {
            throw new LabelsException(path, offset: null, $"{stream.Length} bytes are too many for 1000 names");
        }

        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return Parse(path, file);
    }

    /// <summary>The name of the class whose logit has the index <paramref name="logit"/>, 0 to 1000.</summary>
    public string NameOf(int logit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(logit);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(logit, Logits);
        return _names[logit];
    }

    internal static ImageNetLabels Parse(string path, byte[] file)
    {
        string[] names = IsPickle(path, file) ? LabelPickle.Read(path, file) : ReadText(path, file);
        return new ImageNetLabels(names.Length == Logits ? names : [Background, .. names]);
    }

    // Protocol 2 and later begin with 0x80, which no UTF-8 text does; 0 and 1 with a mark or an empty dict.
    private static bool IsPickle(string path, byte[] file) =>
        Path.GetExtension(path) is ".pkl" or ".pickle" || file is [0x80 or (byte)'(' or (byte)'}', ..];

    // One name a line.
    private static string[] ReadText(string path, ReadOnlySpan<byte> file)
    {
        string[] lines = Decode(path, file).TrimStart('\uFEFF').TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        if (lines.Length is not (Classes or Logits))
        {
            throw new LabelsException(path, offset: null, $"{lines.Length} lines where 1000 or 1001 names belong");
        }

        int empty = Array.IndexOf(lines, "");
        return empty < 0 ? lines : throw new LabelsException(path, offset: null, $"line {empty + 1} is empty");
    }

    private static string Decode(string path, ReadOnlySpan<byte> file)
    {
        try
        {
            return StrictUtf8.GetString(file);
        }
        catch (DecoderFallbackException)
        {
            throw new LabelsException(path, offset: null, "it is neither UTF-8 text nor a pickle");
        }
    }
}
