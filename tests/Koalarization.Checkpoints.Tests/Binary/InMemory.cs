using System.Globalization;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.V1;
using Koalarization.Checkpoints.V2;

namespace Koalarization.Checkpoints.Tests.Binary;

/// <summary>The files of one golden checkpoint in memory, one of which can be damaged.</summary>
internal sealed class InMemory
{
    private readonly string _name;
    private readonly byte[][] _files;

    public InMemory(string name)
    {
        _name = name;
        string path = GoldenCheckpoint.PathOf(name);
        using var checkpoint = Checkpoint.Open(path);
        _files = [.. checkpoint.Files.Select(File.ReadAllBytes)];
    }

    public int FileCount => _files.Length;

    public byte[] FileBytes(int file) => _files[file];

    /// <summary>
    /// Opens the checkpoint with one file's bytes replaced. It must give TensorFlow's values, or say what is wrong: then this is false.
    /// </summary>
    public bool IsStillRight(int file, ReadOnlyMemory<byte> instead)
    {
        ByteSource[] sources = [.. _files.Select((bytes, i) => new MemorySource(i.ToString(CultureInfo.InvariantCulture), i == file ? instead : bytes))];
        try
        {
            using Checkpoint checkpoint = _name.StartsWith("v1", StringComparison.Ordinal)
                ? SavedTensorsReader.Open(sources)
                : BundleReader.Open(sources[0], sources[1..]);
            GoldenCheckpoint.AssertEqual(_name, checkpoint);
            return true;
        }
        catch (CheckpointException e)
        {
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
            return false;
        }
    }
}
