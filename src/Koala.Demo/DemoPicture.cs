namespace Koalarization.Demo;

/// <summary>One picture of the demo.</summary>
/// <param name="Title">What it shows, in lower-case words with hyphens: <c>hills-03</c>. Unique.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="IsGray">Whether the JPEG has one component.</param>
/// <param name="Jpeg">The file.</param>
public sealed record DemoPicture(string Title, int Width, int Height, bool IsGray, ReadOnlyMemory<byte> Jpeg);
