namespace Koalarization.Koala.Commands;

/// <summary>Variables of the environment that stand for options.</summary>
internal static class EnvironmentVariable
{
    /// <summary>A variable's value; null: it is not set, or empty.</summary>
    public static string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
