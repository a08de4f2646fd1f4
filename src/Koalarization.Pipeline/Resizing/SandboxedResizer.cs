using System.Diagnostics;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Pipeline.Resizing;

/// <summary>
/// Resizes pictures in a child process, one at a time, so that a picture that kills its decoder kills the child. A picture whose child dies twice,
/// while this process lives, is damaged; the loss of this process decides nothing.
/// </summary>
/// <param name="size">The size of every result; null: pictures are only decoded.</param>
/// <param name="maxPixels">Most pixels a header may claim.</param>
/// <param name="rule">Which originals are whole.</param>
internal sealed class SandboxedResizer(PictureSize? size, long maxPixels, PictureRule rule) : IPictureResizer, IAsyncDisposable
{
    private const int MaxTries = 2;

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Process? _child;
    private BinaryWriter? _writer;
    private BinaryReader? _reader;

    public async ValueTask<ResizedPicture> ResizeAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Resize(jpeg.Span), CancellationToken.None);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _oneAtATime.WaitAsync();
        EndChild();
        _oneAtATime.Dispose();
    }

    private ResizedPicture Resize(ReadOnlySpan<byte> jpeg)
    {
        for (int i = 0; i < MaxTries; i++)
        {
            StartChild();
            try
            {
                SandboxProtocol.Send(_writer!, jpeg);
                return SandboxProtocol.Receive(_reader!);
            }
            catch (Exception exception) when (exception is IOException or EndOfStreamException)
            {
                EndChild();
            }
        }

        return ResizedPicture.Refused(new PictureRefusal(PictureFault.Damaged, "kills the program that decodes it"));
    }

    private void StartChild()
    {
        if (_child is not null)
        {
            return;
        }

        ProcessStartInfo start = OwnProgram.With([SandboxProtocol.CommandName, .. SandboxProtocol.Arguments(size, maxPixels, rule)]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _child = Process.Start(start)!;
        _writer = new BinaryWriter(new BufferedStream(_child.StandardInput.BaseStream, 1 << 16));
        _reader = new BinaryReader(new BufferedStream(_child.StandardOutput.BaseStream, 1 << 16));
        try
        {
            SandboxProtocol.AwaitReady(_reader);
        }
        catch (EndOfStreamException exception)
        {
            EndChild();
            throw new IOException($"{OwnProgram.Path} cannot be started as a sandbox for pictures that may have crashed an earlier run.", exception);
        }
    }

    private void EndChild()
    {
        if (_child is null)
        {
            return;
        }

        if (!_child.HasExited)
        {
            _child.Kill();
        }

        _child.WaitForExit();
        _child.Dispose();
        (_child, _writer, _reader) = (null, null, null);
    }
}
