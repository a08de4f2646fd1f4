namespace Koalarization.Imaging.Jpeg;

/// <summary>A JPEG library failed for a reason that lies in this machine, not in the picture: it is out of memory, or gives no handle.</summary>
public sealed class JpegLibraryException : Exception
{
    /// <param name="library">Which one.</param>
    /// <param name="operation">What it was doing.</param>
    /// <param name="text">What it said.</param>
    public JpegLibraryException(string library, string operation, string text)
        : base($"{library} failed at {operation}: {text}.")
    {
        Library = library;
        Operation = operation;
    }

    /// <summary>Which library.</summary>
    public string Library { get; }

    /// <summary>What it was doing.</summary>
    public string Operation { get; }
}
