namespace Koalarization.Dataset.Tests.Simulation;

/// <summary>The process ended here, or the power did.</summary>
internal sealed class CrashException : Exception;
