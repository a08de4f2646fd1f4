using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Koalarization.Imaging.Pixels;

/// <summary>The pixels of a large picture, outside the garbage collector's heap: they are the system's again as soon as the picture is disposed.</summary>
internal sealed unsafe class PixelMemory : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int _bytes;

    /// <param name="bytes">How many; not cleared.</param>
    /// <exception cref="OutOfMemoryException">The machine has not the memory.</exception>
    public PixelMemory(int bytes)
        : base(ownsHandle: true)
    {
        _bytes = bytes;
        SetHandle((nint)NativeMemory.Alloc((nuint)bytes));
    }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">They were given back.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return new Span<byte>((void*)handle, _bytes);
        }
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
