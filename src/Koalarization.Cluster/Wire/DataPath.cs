using System.Text;
using Koalarization.Dataset.Storage;

namespace Koalarization.Cluster.Wire;

/// <summary>Names of data sets' folders, relative to the store, and of pictures in them, as messages, jobs and users give them: none leads out of the store.</summary>
internal static class DataPath
{
    /// <summary>Bytes of one folder's name, with room for what file systems and temporary names add.</summary>
    public const int MaxNameBytes = 200;

    /// <summary>Bytes of the whole path.</summary>
    public const int MaxBytes = 800;

    private static readonly string[] OfSets = [DataLayout.State, DataLayout.Originals, DataLayout.Resized, DataLayout.Records];

    /// <summary>Why a folder cannot be that of a data set; null: it can. <c>.</c> is the store itself.</summary>
    public static string? FaultOf(string data) => data is "." ? null : FaultOf(data, data.Split('/'));

    /// <summary>Whether a path's last folder has the name of one that every data set has in it.</summary>
    public static bool IsPartOfSet(string data) => OfSets.Contains(data[(data.LastIndexOf('/') + 1)..]);

    /// <summary>A folder that is one; used where a path comes from another process.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Checked(string data) => FaultOf(data) is string fault ? throw new ArgumentException($"'{data}' is no data set's folder: {fault}.", nameof(data)) : data;

    /// <summary>A picture's name that names a file of its folder.</summary>
    /// <exception cref="ArgumentException">It leads elsewhere.</exception>
    public static string CheckedPicture(string name) =>
        name.Length == 0 || name is "." or ".." || name.Any(letter => letter is '/' or '\0') ? throw new ArgumentException($"'{name}' is no picture's name.", nameof(name)) : name;

    private static string? FaultOf(string data, string[] parts) =>
        data.Length == 0 ? "it is empty"
        : data.Any(char.IsControl) ? "it has a control character"
        : Path.IsPathRooted(data) ? "it is not relative to the store"
        : Array.Exists(parts, part => part is "" or "." or "..") ? "it has an empty part, . or .."
        : parts.Contains(DataLayout.State) ? $"{DataLayout.State} is koala's own"
        : Array.Exists(parts, part => Encoding.UTF8.GetByteCount(part) > MaxNameBytes) ? $"a folder's name has {MaxNameBytes} bytes at most"
        : Encoding.UTF8.GetByteCount(data) > MaxBytes ? $"it has {MaxBytes} bytes at most"
        : null;
}
