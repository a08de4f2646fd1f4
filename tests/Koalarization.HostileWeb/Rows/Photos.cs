namespace Koalarization.Hostile.Rows;

/// <summary>The pictures that the web serves.</summary>
internal static class Photos
{
    /// <summary>The one that most rows serve.</summary>
    public static readonly byte[] Photo = Golden.Bytes("pictures/coffee_500x375.jpeg");

    /// <summary>One that fits into one TLS record and the first window of HTTP/2.</summary>
    public static readonly byte[] Small = Golden.Bytes("pictures/cat_298x200_enlarged.jpeg");

    /// <summary>The golden pictures that both JPEG libraries read, by name.</summary>
    public static readonly byte[][] All =
    [
        .. Directory.GetFiles(Golden.PathOf("pictures"), "*.jpeg")
            .Where(file => !file.Contains("cmyk", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes),
    ];

    public static byte[] Named(string name) => Golden.Bytes($"pictures/{name}.jpeg");

    public static byte[] Bad(string name) => Golden.Bytes($"bad/{name}.jpeg");
}
