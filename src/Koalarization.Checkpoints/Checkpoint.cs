using System.Collections.ObjectModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Sources;
using Koalarization.Checkpoints.Tensors;

namespace Koalarization.Checkpoints;

/// <summary>
/// A TensorFlow checkpoint, V1 (one table, or shards of one) or V2 (an index and data files), with every checksum verified when
/// its bytes are read. Files are memory-mapped; reading is safe from several threads, and disposing waits for none of them:
/// the mapping goes with the last read. A file that another program shortens meanwhile ends the process, as with any mapping.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private const int HashChunkBytes = 1 << 24;

    private readonly IReadOnlyList<ByteSource> _sources;
    private readonly Dictionary<string, StoredTensor> _tensors;
    private readonly Lazy<string> _sha256;
    private volatile bool _disposed;

    internal Checkpoint(IReadOnlyList<ByteSource> sources, Dictionary<string, StoredTensor> tensors)
    {
        _sources = sources;
        _tensors = tensors;
        _sha256 = new Lazy<string>(() => HashOf(sources));
        Files = [.. sources.Select(source => source.File)];
        Tensors = new ReadOnlyDictionary<string, TensorInfo>(tensors.ToDictionary(t => t.Key, t => t.Value.Info, StringComparer.Ordinal));
    }

    /// <summary>The files it consists of: the table or its shards in order; or the index, then the data files in order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>
    /// The identity of the weights, as 64 lower-case hex digits: of a single file its SHA-256; of several, the SHA-256 of their
    /// SHA-256s in the order of <see cref="Files"/>, each as such digits and a line feed. Names do not matter. Computed when first asked for.
    /// </summary>
    public string Sha256
    {
        get
        {
            using Holds _ = KeepReadable();
            return _sha256.Value;
        }
    }

    /// <summary>Opens a checkpoint and reads its list of tensors.</summary>
    /// <param name="path">
    /// A V1 file; the common prefix of V1 shards or of a V2 checkpoint's files, or any one of those files; or a folder that holds
    /// one checkpoint, or whose <c>checkpoint</c> file names one.
    /// </param>
    /// <exception cref="CheckpointException">There is no such checkpoint, or it is damaged or not supported.</exception>
    public static Checkpoint Open(string path) => CheckpointFiles.Find(path).Open();

    /// <summary>Reads a float32 tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Gets the elements, row-major; its length must be the tensor's number of elements.</param>
    /// <exception cref="CheckpointException">There is no such tensor, it is not float32 (nothing is converted), or its bytes are damaged.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void ReadFloats(string name, Span<float> destination)
    {
        StoredTensor tensor = Find(name);
        if (tensor.Info.ElementType != TensorElementType.Float32)
        {
            throw WrongType(tensor, "float32");
        }

        ReadInto(tensor, MemoryMarshal.AsBytes(destination));
    }

    /// <summary>Reads a float32 tensor, row-major.</summary>
    /// <inheritdoc cref="ReadFloats(string, Span{float})"/>
    public float[] ReadFloats(string name)
    {
        var floats = new float[SizeBytes(Find(name)) / sizeof(float)];
        ReadFloats(name, floats);
        return floats;
    }

    /// <summary>Reads a tensor of any type of fixed size.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Gets the elements, row-major and little-endian; its length must be the tensor's size.</param>
    /// <exception cref="CheckpointException">There is no such tensor, its elements have no fixed size, or its bytes are damaged.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void ReadBytes(string name, Span<byte> destination) => ReadInto(Find(name), destination);

    /// <summary>Reads a tensor of any type of fixed size, row-major and little-endian.</summary>
    /// <inheritdoc cref="ReadBytes(string, Span{byte})"/>
    public byte[] ReadBytes(string name)
    {
        var bytes = new byte[SizeBytes(Find(name))];
        ReadBytes(name, bytes);
        return bytes;
    }

    /// <summary>Reads a tensor of strings, row-major; what the bytes mean is not looked at.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="CheckpointException">There is no such tensor, it does not hold strings, or its bytes are damaged.</exception>
    public IReadOnlyList<byte[]> ReadStrings(string name)
    {
        StoredTensor tensor = Find(name);
        if (tensor.Info.ElementType != TensorElementType.String)
        {
            throw WrongType(tensor, "strings");
        }

        using Holds _ = KeepReadable();
        return tensor.ReadStrings();
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (ByteSource source in _sources)
        {
            source.Dispose();
        }
    }

    private StoredTensor Find(string name) => _tensors.TryGetValue(name, out StoredTensor? tensor)
        ? tensor
        : throw new CheckpointException(CheckpointCheck.UnknownTensor, Files[0], null, $"the checkpoint has no tensor '{name}'");

    private int SizeBytes(StoredTensor tensor)
    {
        int size = tensor.Info.ElementType.SizeBytes();
        if (size == 0)
        {
            throw WrongType(tensor, "a type of fixed size");
        }

        return tensor.Info.ElementCount <= Array.MaxLength / size
            ? (int)(tensor.Info.ElementCount * size)
            : throw new CheckpointException(CheckpointCheck.Unsupported, Files[0], null, $"tensor '{tensor.Info.Name}' is larger than 2 GB");
    }

    private void ReadInto(StoredTensor tensor, Span<byte> destination)
    {
        int size = SizeBytes(tensor);
        if (destination.Length != size)
        {
            throw new ArgumentException($"'{tensor.Info.Name}' has {size} bytes, and the destination {destination.Length}.", nameof(destination));
        }

        using Holds _ = KeepReadable();
        tensor.ReadBytes(destination);
    }

    private Holds KeepReadable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new Holds(_sources);
    }

    private CheckpointException WrongType(StoredTensor tensor, string wanted) => new(
        CheckpointCheck.ElementType, Files[0], null, $"tensor '{tensor.Info.Name}' holds {tensor.Info.ElementType}, not {wanted}");

    private static string HashOf(IReadOnlyList<ByteSource> sources)
    {
        string[] hashes = [.. sources.Select(HashOf)];
        return hashes is [string only]
            ? only
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(hashes.Select(hash => hash + "\n")))));
    }

    private static string HashOf(ByteSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long offset = 0; offset < source.Length; offset += HashChunkBytes)
        {
            hash.AppendData(source.Slice(offset, Math.Min(HashChunkBytes, source.Length - offset)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Holds : IDisposable
    {
        private readonly List<ByteSource.Hold> _holds;

        public Holds(IReadOnlyList<ByteSource> sources)
        {
            _holds = new List<ByteSource.Hold>(sources.Count);
            try
            {
                foreach (ByteSource source in sources)
                {
                    _holds.Add(source.KeepReadable());
                }
            }
            catch (ObjectDisposedException)
            {
                // Disposed between the first source and the last.
                Dispose();
                throw;
            }
        }

        public void Dispose() => _holds.ForEach(hold => hold.Dispose());
    }
}
