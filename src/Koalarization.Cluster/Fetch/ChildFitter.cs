using System.Diagnostics;
using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>
/// Fits pictures in a child process, one at a time, so that a picture that kills its decoder kills the child. A picture whose child dies twice,
/// while this process lives, is damaged; the loss of this process decides nothing.
/// </summary>
internal sealed class ChildFitter(PictureSize? size, long maxPixels) : IPictureFitter, IAsyncDisposable
{
    private const int TriesOfAPicture = 2;

    private readonly SemaphoreSlim _one = new(1);
    private Process? _child;
    private BinaryWriter? _to;
    private BinaryReader? _from;

    public async ValueTask<FittedPicture> FitAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Fit(jpeg.Span), cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _one.WaitAsync();
        End();
        _one.Dispose();
    }

    private FittedPicture Fit(ReadOnlySpan<byte> jpeg)
    {
        for (int i = 0; i < TriesOfAPicture; i++)
        {
            Begin();
            try
            {
                FitPictures.Send(_to!, jpeg);
                return FitPictures.ReceiveFitted(_from!);
            }
            catch (Exception exception) when (exception is IOException or EndOfStreamException)
            {
                End();
            }
        }

        return FittedPicture.Refused(new PictureRefusal(PictureFault.Damaged, "kills the program that decodes it"));
    }

    private void Begin()
    {
        if (_child is not null)
        {
            return;
        }

        ProcessStartInfo start = OwnProgram.With([FitPictures.CommandName, .. FitPictures.Words(size, maxPixels)]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _child = Process.Start(start)!;
        _to = new BinaryWriter(new BufferedStream(_child.StandardInput.BaseStream, 1 << 16));
        _from = new BinaryReader(new BufferedStream(_child.StandardOutput.BaseStream, 1 << 16));
        try
        {
            FitPictures.AwaitReady(_from);
        }
        catch (EndOfStreamException exception)
        {
            End();
            throw new IOException($"{OwnProgram.Path} cannot be started a second time to look at pictures that may have killed an earlier run.", exception);
        }
    }

    private void End()
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
        (_child, _to, _from) = (null, null, null);
    }
}
