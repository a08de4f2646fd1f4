namespace Koalarization.Dataset.Records;

/// <summary>A picture that a record does not have.</summary>
/// <param name="Name">File name.</param>
/// <param name="Reason">Why, in a word or two: <c>damaged</c>, <c>wrong_size</c>.</param>
/// <param name="Detail">More of it, for a person.</param>
public sealed record LeftOutPicture(string Name, string Reason, string? Detail);
