namespace Koalarization.Cluster;

/// <summary>The actor that had taken a piece of work stopped; of the work nothing is known.</summary>
internal sealed class FetchingStoppedException() : Exception("What worked on it was stopped.");
