using System.Runtime.InteropServices;

namespace Koalarization.Koala.Reporting;

/// <summary>The terminal of this process.</summary>
internal sealed partial class ProcessTerminal : ITerminal
{
    private const int StandardError = 2;
    private const nuint GetWindowSize = 0x5413;
    private const int DefaultWidth = 80, DefaultHeight = 24;

    /// <summary>Whether there is one, for messages and results, that can move its cursor.</summary>
    public static bool IsThere =>
        !Console.IsErrorRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>By the convention of no-color.org.</summary>
    public bool HasColours { get; } = Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    /// <summary>Whether the locale is none that says otherwise.</summary>
    public bool IsUnicode { get; } = IsUnicodeLocale();

    public (int Width, int Height) Size =>
        ioctl(StandardError, GetWindowSize, out WindowSize size) == 0 && size is { Columns: > 0, Rows: > 0 } ? (size.Columns, size.Rows) : (DefaultWidth, DefaultHeight);

    private static bool IsUnicodeLocale()
    {
        string? locale = ((string[])["LC_ALL", "LC_CTYPE", "LANG"]).Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return locale is null || locale.Contains("utf", StringComparison.OrdinalIgnoreCase);
    }

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
