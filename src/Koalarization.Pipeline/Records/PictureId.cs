namespace Koalarization.Pipeline.Records;

/// <summary>One resized picture, by what it must contain.</summary>
/// <param name="Data">The data set's folder, relative to the store.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Sha256">The hash of its file.</param>
internal sealed record PictureId(string Data, string Name, string Sha256);
