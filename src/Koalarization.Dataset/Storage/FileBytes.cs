using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Koalarization.Dataset.Storage;

/// <summary>The bytes of one file in a pooled buffer.</summary>
public readonly struct FileBytes : IDisposable
{
    // Several times what 100 megapixels of the worst JPEG take.
    private const int MaxBytes = 1 << 29;

    private readonly byte[] _buffer;
    private readonly int _length;

    private FileBytes(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>The bytes, good until this is disposed of.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="NotRegularFileException">It is a pipe or the like, which may never give or end.</exception>
    /// <exception cref="IOException">It cannot be read, or is larger than any picture.</exception>
    public static FileBytes Read(string path)
    {
        if (Posix.IsNoRegularFile(path))
        {
            throw new NotRegularFileException(path);
        }

        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        long length = RandomAccess.GetLength(file);
        if (length > MaxBytes)
        {
            throw new IOException($"{path} has {length:N0} bytes, more than a picture can have.");
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)length);
        int read = 0;
        while (read < length)
        {
            int count = RandomAccess.Read(file, buffer.AsSpan(read, (int)length - read), read);
            if (count == 0)
            {
                break;
            }

            read += count;
        }

        return new FileBytes(buffer, read);
    }

    /// <summary>Whether they have a hash.</summary>
    /// <param name="sha256">Lower-case hex.</param>
    public bool Have(string sha256) => string.Equals(sha256, Convert.ToHexStringLower(SHA256.HashData(Span)), StringComparison.Ordinal);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
