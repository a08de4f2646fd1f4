namespace Koalarization.Inception.Labels;

/// <summary>A file of class names is not one.</summary>
public sealed class LabelsException : IOException
{
    internal LabelsException(string file, int? offset, string problem)
        : base(offset is null ? $"{file}: {problem}." : $"{file}, byte {offset}: {problem}.")
    {
        File = file;
        Offset = offset;
    }

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>Where in the file reading stopped; null when the file is well-formed and holds something else.</summary>
    public int? Offset { get; }
}
