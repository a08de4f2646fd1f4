using System.Diagnostics;
using System.Reflection;

namespace Koalarization.Cluster;

/// <summary>This program, to be started a second time.</summary>
internal static class OwnProgram
{
    /// <summary>Where it is.</summary>
    public static string Path => Environment.ProcessPath!;

    /// <summary>How it is started with these words: also where <c>dotnet</c> runs it.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> words)
    {
        string[] self = System.IO.Path.GetFileNameWithoutExtension(Path) == "dotnet" ? [Assembly.GetEntryAssembly()!.Location] : [];
        return new ProcessStartInfo(Path, [.. self, .. words]) { UseShellExecute = false };
    }
}
