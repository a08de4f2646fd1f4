namespace Koalarization.Imaging.Pixels;

/// <summary>Why bytes were refused as a picture.</summary>
/// <param name="Fault">The kind of fault.</param>
/// <param name="Detail">What was found, as the end of a sentence that begins with the picture's name: <c>is a PNG</c>, <c>ends before its last row</c>.</param>
public sealed record PictureRefusal(PictureFault Fault, string Detail);
