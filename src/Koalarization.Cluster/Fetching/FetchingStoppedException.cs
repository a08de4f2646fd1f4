namespace Koalarization.Cluster.Fetching;

/// <summary>The actor that worked on a request was stopped before it had an answer.</summary>
internal sealed class FetchingStoppedException() : Exception("The actor that worked on it was stopped.");
