using System.Diagnostics;
using System.Reflection;

namespace Koalarization.Pipeline.Resizing;

/// <summary>This program, to be started a second time.</summary>
internal static class OwnProgram
{
    /// <summary>Its file.</summary>
    public static string Path => Environment.ProcessPath!;

    /// <summary>How to start it with these arguments, also when <c>dotnet</c> runs it.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        string[] self = System.IO.Path.GetFileNameWithoutExtension(Path) == "dotnet" ? [Assembly.GetEntryAssembly()!.Location] : [];
        return new ProcessStartInfo(Path, [.. self, .. arguments]) { UseShellExecute = false };
    }
}
