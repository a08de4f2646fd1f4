namespace Koalarization.Dataset.Storage;

/// <summary>What a file system does with names.</summary>
/// <param name="PublishesOnce">Of two that publish under one name the first wins, and what it published stays as it is.</param>
/// <param name="HasHardLinks">A file can have several names.</param>
/// <param name="Replaces">A name can be given to another file in one step.</param>
public sealed record StoreNames(bool PublishesOnce, bool HasHardLinks, bool Replaces);
